// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_selection.h"

#include <algorithm>
#include <utility>

namespace freshet::ui {

CellRect CellRect::clipped(std::int64_t rows, int columns) const
{
    return {firstRow, std::min(endRow, rows), firstColumn, std::min(endColumn, columns)};
}

void GridSelection::clear()
{
    m_current.reset();
    m_rects.clear();
    m_kind = Kind::Cells;
}

void GridSelection::select(GridPlace place, Mode mode)
{
    // Extending with keys keeps whole rows whole.
    const bool keepsKind = mode == Mode::Extend && !m_rects.empty();
    start(place, mode, keepsKind ? m_kind : Kind::Cells);
}

void GridSelection::start(GridPlace place, Mode mode, Kind kind)
{
    const bool extends = mode == Mode::Extend && m_current && !m_rects.empty();
    m_kind = kind;
    m_current = place;
    if (extends) {
        m_rects.back() = spanned();
        return;
    }
    m_anchor = place;
    if (mode == Mode::Replace)
        m_rects.clear();
    if (m_rects.size() == kMaxRects)
        m_rects.erase(m_rects.begin());
    m_rects.push_back(spanned());
}

void GridSelection::selectAll(GridPlace current)
{
    m_current = current;
    m_anchor = current;
    m_kind = Kind::Rows;
    m_rects.assign(1, {0, CellRect::kAllRows, 0, CellRect::kAllColumns});
}

void GridSelection::widenToRows()
{
    if (!m_current || m_rects.empty())
        return;
    m_kind = Kind::Rows;
    m_rects.back() = spanned();
}

void GridSelection::widenToColumns()
{
    if (!m_current || m_rects.empty())
        return;
    m_kind = Kind::Columns;
    m_rects.back() = spanned();
}

CellRect GridSelection::spanned() const
{
    const auto [top, bottom] = std::minmax(m_anchor.row, m_current->row);
    const auto [left, right] = std::minmax(m_anchor.column, m_current->column);
    switch (m_kind) {
    case Kind::Rows:
        return {top, bottom + 1, 0, CellRect::kAllColumns};
    case Kind::Columns:
        return {0, CellRect::kAllRows, left, right + 1};
    case Kind::Cells:
        break;
    }
    return {top, bottom + 1, left, right + 1};
}

bool GridSelection::contains(GridPlace place) const
{
    return std::any_of(m_rects.begin(), m_rects.end(),
                       [&](const CellRect &rect) { return rect.contains(place); });
}

bool GridSelection::touchesRow(std::int64_t row) const
{
    return std::any_of(m_rects.begin(), m_rects.end(), [&](const CellRect &rect) {
        return row >= rect.firstRow && row < rect.endRow;
    });
}

bool GridSelection::hasWholeColumn(int column) const
{
    return std::any_of(m_rects.begin(), m_rects.end(), [&](const CellRect &rect) {
        return rect.endRow == CellRect::kAllRows && column >= rect.firstColumn &&
               column < rect.endColumn;
    });
}

namespace {

using ColumnSpan = std::pair<int, int>; // [first, end)

// The columns that `rects` cover in rows that start at `row`, merged.
std::vector<ColumnSpan> columnsAt(const std::vector<CellRect> &rects, std::int64_t row)
{
    std::vector<ColumnSpan> spans;
    for (const CellRect &rect : rects) {
        if (row >= rect.firstRow && row < rect.endRow)
            spans.emplace_back(rect.firstColumn, rect.endColumn);
    }
    std::sort(spans.begin(), spans.end());
    std::vector<ColumnSpan> merged;
    for (const ColumnSpan &span : spans) {
        if (!merged.empty() && span.first <= merged.back().second)
            merged.back().second = std::max(merged.back().second, span.second);
        else
            merged.push_back(span);
    }
    return merged;
}

} // namespace

std::vector<CellRect> GridSelection::disjoint(std::int64_t rows, int columns) const
{
    std::vector<CellRect> clipped;
    std::vector<std::int64_t> borders;
    for (const CellRect &rect : m_rects) {
        const CellRect inside = rect.clipped(rows, columns);
        if (inside.isEmpty())
            continue;
        clipped.push_back(inside);
        borders.push_back(inside.firstRow);
        borders.push_back(inside.endRow);
    }
    std::sort(borders.begin(), borders.end());
    borders.erase(std::unique(borders.begin(), borders.end()), borders.end());

    struct Slab
    {
        std::int64_t first;
        std::int64_t end;
        std::vector<ColumnSpan> spans;
    };
    std::vector<Slab> slabs;
    for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
        std::vector<ColumnSpan> spans = columnsAt(clipped, borders[i]);
        if (spans.empty())
            continue;
        if (!slabs.empty() && slabs.back().end == borders[i] && slabs.back().spans == spans)
            slabs.back().end = borders[i + 1];
        else
            slabs.push_back({borders[i], borders[i + 1], std::move(spans)});
    }

    std::vector<CellRect> result;
    for (const Slab &slab : slabs) {
        for (const ColumnSpan &span : slab.spans)
            result.push_back({slab.first, slab.end, span.first, span.second});
    }
    return result;
}

} // namespace freshet::ui
