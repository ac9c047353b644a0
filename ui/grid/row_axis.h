// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_source.h"

#include <cstdint>
#include <optional>

namespace freshet::ui {

/// Where a view of equally high rows stands: a 64-bit offset in pixels, and its translation to the
/// 32-bit scroll bar.
///
/// While the whole height fits the bar's range, one step of the bar is one pixel; beyond, the bar
/// moves in proportion, and wheel and keys, which go through the offset, stay exact.
///
/// Units: pixels of content unless named otherwise. Limits: `kMaxRows`. Threads: GUI thread only.
class RowAxis
{
public:
    static constexpr int kBarRange = 1 << 30;
    /// Keeps every offset within 64 bits, at any row height up to 4,000 pixels.
    static constexpr std::int64_t kMaxRows = 2'000'000'000'000'000;

    void setRowCount(RowCount rows);
    /// Keeps the row at the top.
    void setRowHeight(int height);
    void setViewportHeight(int height);

    [[nodiscard]] RowCount rowCount() const { return RowCount(m_rows); }
    [[nodiscard]] int rowHeight() const { return m_rowHeight; }
    [[nodiscard]] int viewportHeight() const { return m_viewportHeight; }

    /// Height of the content above the viewport's top edge, in [0, maxOffset()].
    [[nodiscard]] std::int64_t offset() const { return m_offset; }
    [[nodiscard]] std::int64_t maxOffset() const;
    [[nodiscard]] bool isAtEnd() const { return m_offset >= maxOffset(); }
    /// All movements are clamped and say whether they moved the view.
    bool setOffset(std::int64_t offset);
    bool scrollBy(std::int64_t pixels);
    bool scrollToEnd() { return setOffset(maxOffset()); }
    /// Scroll by as little as shows the whole of `row`.
    bool ensureVisible(RowIndex row);
    /// Scroll `row` to the middle, unless it is wholly in view.
    bool centreOn(RowIndex row);

    /// The rows that the viewport shows, also in part.
    [[nodiscard]] RowRange visibleRows() const;
    /// Rows a page key moves by; at least 1.
    [[nodiscard]] RowCount pageRows() const;
    /// The row's top edge in the viewport; limited to ±2^30 for rows far away.
    [[nodiscard]] int topOf(RowIndex row) const;
    /// The row at height `y` of the viewport, if there is one.
    [[nodiscard]] std::optional<RowIndex> rowAt(int y) const;
    /// The same, taking the nearest row. Nothing only without rows.
    [[nodiscard]] std::optional<RowIndex> nearestRow(int y) const;

    [[nodiscard]] int barMaximum() const;
    [[nodiscard]] int barValue() const;
    /// Follow the bar. A value that stands for the present offset leaves it as it is, exact.
    bool setBarValue(int value);

private:
    [[nodiscard]] std::int64_t contentHeight() const { return m_rows * m_rowHeight; }

    std::int64_t m_rows = 0;
    std::int64_t m_offset = 0;
    int m_rowHeight = 26;
    int m_viewportHeight = 0;
};

} // namespace freshet::ui
