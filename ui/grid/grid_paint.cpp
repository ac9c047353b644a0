// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_header.h"
#include "grid/grid_view.h"

#include <QPaintEvent>
#include <QPainter>

#include <algorithm>

namespace freshet::ui {

// Everything in view is painted anew: with the cells ready this costs less than a frame, and no
// part of the picture can be out of date.
void DatasetGrid::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), gridStyle().panel);
    if (isEmpty())
        return;
    fetchVisible();
    const std::vector<VisibleColumn> columns = m_columns->visible(m_header->width());
    painter.setFont(font());
    painter.setClipRect(m_numberWidth, 0, viewport()->width() - m_numberWidth,
                        viewport()->height());
    painter.translate(m_numberWidth, 0);
    paintBackground(painter, columns);
    paintLines(painter, columns);
    paintCells(painter, columns);
    paintCursor(painter, columns);
    painter.translate(-m_numberWidth, 0);
    painter.setClipping(false);
    paintNumbers(painter);
}

void DatasetGrid::paintBackground(QPainter &painter,
                                  const std::vector<VisibleColumn> &columns) const
{
    const RowRange rows = m_axis.visibleRows();
    const int right = columns.empty() ? 0 : columns.back().x + columns.back().width;
    for (RowIndex row = rows.first; row < rows.end; row += RowCount(1)) {
        if (row.value() % 2 != 0)
            painter.fillRect(0, m_axis.topOf(row), right, m_axis.rowHeight(), gridStyle().zebra);
    }
    for (const CellRect &rect : m_selection.rects()) {
        const std::int64_t first = std::max(rect.firstRow, rows.first.value());
        const std::int64_t end = std::min(rect.endRow, rows.end.value());
        if (first >= end)
            continue;
        const int top = m_axis.topOf(RowIndex(first));
        const int height = static_cast<int>(end - first) * m_axis.rowHeight();
        for (const VisibleColumn &shown : columns) {
            if (shown.place >= rect.firstColumn && shown.place < rect.endColumn)
                painter.fillRect(shown.x, top, shown.width, height, gridStyle().selection);
        }
    }
}

void DatasetGrid::paintLines(QPainter &painter, const std::vector<VisibleColumn> &columns) const
{
    if (columns.empty())
        return;
    const RowRange rows = m_axis.visibleRows();
    const int left = columns.front().x;
    const int right = columns.back().x + columns.back().width;
    const int height = m_axis.rowHeight();
    const int top = m_axis.topOf(rows.first);
    const int bottom = m_axis.topOf(rows.end);
    for (RowIndex row = rows.first; row < rows.end; row += RowCount(1))
        painter.fillRect(left, m_axis.topOf(row) + height - 1, right - left, 1, gridStyle().line);
    for (const VisibleColumn &shown : columns)
        painter.fillRect(shown.x + shown.width - 1, top, 1, bottom - top, gridStyle().line);
}

void DatasetGrid::paintCells(QPainter &painter, const std::vector<VisibleColumn> &columns) const
{
    const RowRange rows = m_axis.visibleRows();
    const auto &fields = m_source->schema()->fields;
    for (const VisibleColumn &shown : columns) {
        const columnar::LogicalType &type = fields[static_cast<std::size_t>(shown.column)].type;
        QRect rect(shown.x, 0, shown.width - 1, m_axis.rowHeight() - 1);
        for (RowIndex row = rows.first; row < rows.end; row += RowCount(1)) {
            rect.moveTop(m_axis.topOf(row));
            m_painter.paint(painter, rect, m_cells.find({row, shown.column}), type);
        }
    }
}

void DatasetGrid::paintCursor(QPainter &painter, const std::vector<VisibleColumn> &columns) const
{
    const std::optional<GridPlace> current = m_selection.current();
    if (!current || !m_axis.visibleRows().contains(RowIndex(current->row)))
        return;
    const auto shown =
        std::find_if(columns.begin(), columns.end(),
                     [&](const VisibleColumn &column) { return column.place == current->column; });
    if (shown == columns.end())
        return;
    // Without the focus the outline is thinner.
    const int thickness = m_painter.px(hasFocus() ? 2 : 1);
    const QRect outer(shown->x - 1, m_axis.topOf(RowIndex(current->row)) - 1, shown->width + 1,
                      m_axis.rowHeight() + 1);
    const QColor &colour = gridStyle().accent;
    painter.fillRect(outer.left(), outer.top(), outer.width(), thickness, colour);
    painter.fillRect(outer.left(), outer.bottom() + 1 - thickness, outer.width(), thickness,
                     colour);
    painter.fillRect(outer.left(), outer.top(), thickness, outer.height(), colour);
    painter.fillRect(outer.right() + 1 - thickness, outer.top(), thickness, outer.height(), colour);
}

void DatasetGrid::paintNumbers(QPainter &painter) const
{
    const RowRange rows = m_axis.visibleRows();
    const int bottom = m_axis.topOf(rows.end);
    painter.fillRect(0, 0, m_numberWidth, bottom, gridStyle().header);
    QRect rect(0, 0, m_numberWidth - 1, m_axis.rowHeight() - 1);
    for (RowIndex row = rows.first; row < rows.end; row += RowCount(1)) {
        rect.moveTop(m_axis.topOf(row));
        painter.fillRect(0, rect.bottom() + 1, m_numberWidth, 1, gridStyle().line);
        m_painter.paintRowNumber(painter, rect, row.value() + 1,
                                 m_selection.touchesRow(row.value()));
    }
    painter.fillRect(m_numberWidth - 1, 0, 1, bottom, gridStyle().line);
}

} // namespace freshet::ui
