// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/row_axis.h"

#include <algorithm>

namespace freshet::ui {

namespace {

// Products of an offset and the bar's range pass 64 bits.
std::int64_t scaled(std::int64_t value, std::int64_t from, std::int64_t to)
{
    __extension__ using Wide = __int128;
    const Wide rounded = (Wide(value) * to + from / 2) / from;
    return static_cast<std::int64_t>(rounded);
}

} // namespace

void RowAxis::setRowCount(RowCount rows)
{
    m_rows = std::clamp(rows.value(), std::int64_t{0}, kMaxRows);
    setOffset(m_offset);
}

void RowAxis::setRowHeight(int height)
{
    height = std::max(1, height);
    const std::int64_t top = m_offset / m_rowHeight;
    const std::int64_t within = m_offset % m_rowHeight;
    const std::int64_t newOffset = top * height + within * height / m_rowHeight;
    m_rowHeight = height;
    setOffset(newOffset);
}

void RowAxis::setViewportHeight(int height)
{
    m_viewportHeight = std::max(0, height);
    setOffset(m_offset);
}

std::int64_t RowAxis::maxOffset() const
{
    return std::max(std::int64_t{0}, contentHeight() - m_viewportHeight);
}

bool RowAxis::setOffset(std::int64_t offset)
{
    const std::int64_t before = m_offset;
    m_offset = std::clamp(offset, std::int64_t{0}, maxOffset());
    return m_offset != before;
}

bool RowAxis::scrollBy(std::int64_t pixels)
{
    // Clamped first, so that the sum stays within 64 bits.
    const std::int64_t most = maxOffset();
    return setOffset(m_offset + std::clamp(pixels, -most, most));
}

bool RowAxis::ensureVisible(RowIndex row)
{
    const std::int64_t top = row.value() * m_rowHeight;
    if (top < m_offset || m_rowHeight > m_viewportHeight)
        return setOffset(top);
    if (top + m_rowHeight > m_offset + m_viewportHeight)
        return setOffset(top + m_rowHeight - m_viewportHeight);
    return false;
}

bool RowAxis::centreOn(RowIndex row)
{
    const std::int64_t top = row.value() * m_rowHeight;
    if (top >= m_offset && top + m_rowHeight <= m_offset + m_viewportHeight)
        return false;
    return setOffset(top - (m_viewportHeight - m_rowHeight) / 2);
}

RowRange RowAxis::visibleRows() const
{
    const std::int64_t bottom = m_offset + m_viewportHeight;
    const std::int64_t end = (bottom + m_rowHeight - 1) / m_rowHeight;
    return {RowIndex(m_offset / m_rowHeight), RowIndex(std::min(m_rows, end))};
}

RowCount RowAxis::pageRows() const
{
    return RowCount(std::max(1, m_viewportHeight / m_rowHeight));
}

int RowAxis::topOf(RowIndex row) const
{
    constexpr std::int64_t kFar = 1 << 30;
    return static_cast<int>(std::clamp(row.value() * m_rowHeight - m_offset, -kFar, kFar));
}

std::optional<RowIndex> RowAxis::rowAt(int y) const
{
    const std::int64_t position = m_offset + y;
    if (position < 0 || position >= contentHeight())
        return std::nullopt;
    return RowIndex(position / m_rowHeight);
}

std::optional<RowIndex> RowAxis::nearestRow(int y) const
{
    if (m_rows == 0)
        return std::nullopt;
    return RowIndex(std::clamp((m_offset + y) / m_rowHeight, std::int64_t{0}, m_rows - 1));
}

int RowAxis::barMaximum() const
{
    return static_cast<int>(std::min<std::int64_t>(maxOffset(), kBarRange));
}

int RowAxis::barValue() const
{
    const std::int64_t most = maxOffset();
    if (most <= kBarRange)
        return static_cast<int>(m_offset);
    return static_cast<int>(scaled(m_offset, most, kBarRange));
}

bool RowAxis::setBarValue(int value)
{
    if (value == barValue())
        return false;
    const std::int64_t most = maxOffset();
    if (most <= kBarRange)
        return setOffset(value);
    return setOffset(scaled(value, kBarRange, most));
}

} // namespace freshet::ui
