// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace freshet::ui {

/// A place in the grid as the user sees it: `column` counts from the left, moved columns included.
struct GridPlace
{
    std::int64_t row = 0;
    int column = 0;

    bool operator==(const GridPlace &) const = default;
};

/// Cells of rows [firstRow, endRow) and columns [firstColumn, endColumn), columns as in GridPlace.
struct CellRect
{
    /// Ends of whole columns and whole rows: what arrives later belongs to them too.
    static constexpr std::int64_t kAllRows = std::numeric_limits<std::int64_t>::max();
    static constexpr int kAllColumns = std::numeric_limits<int>::max();

    std::int64_t firstRow = 0;
    std::int64_t endRow = 0;
    int firstColumn = 0;
    int endColumn = 0;

    bool operator==(const CellRect &) const = default;
    [[nodiscard]] bool isEmpty() const { return endRow <= firstRow || endColumn <= firstColumn; }
    [[nodiscard]] bool contains(GridPlace place) const
    {
        return place.row >= firstRow && place.row < endRow && place.column >= firstColumn &&
               place.column < endColumn;
    }
    [[nodiscard]] CellRect clipped(std::int64_t rows, int columns) const;
};

/// What is selected in a grid: a current cell and any number of rectangles, whatever their size.
///
/// The last rectangle is the active one: it spans from the anchor, where it was begun, to the
/// current cell, and is what Shift extends. A rectangle is one of cells, of whole rows or of whole
/// columns. Threads: one thread at a time.
class GridSelection
{
public:
    enum class Mode {
        Replace, ///< a plain click or key
        Extend,  ///< with Shift
        Add,     ///< with Ctrl
    };
    /// Rectangles kept at most; adding more drops the oldest.
    static constexpr std::size_t kMaxRects = 1'000;

    [[nodiscard]] std::optional<GridPlace> current() const { return m_current; }
    [[nodiscard]] const std::vector<CellRect> &rects() const { return m_rects; }

    void clear();
    void select(GridPlace place, Mode mode);
    void selectRow(GridPlace place, Mode mode) { start(place, mode, Kind::Rows); }
    void selectColumn(GridPlace place, Mode mode) { start(place, mode, Kind::Columns); }
    void selectAll(GridPlace current);
    /// Rows or columns of the active rectangle as a whole.
    void widenToRows();
    void widenToColumns();

    [[nodiscard]] bool contains(GridPlace place) const;
    [[nodiscard]] bool touchesRow(std::int64_t row) const;
    /// Whether all of the column is selected by one rectangle.
    [[nodiscard]] bool hasWholeColumn(int column) const;

    /// The selected cells of a grid of this size, each in one rectangle only, from top to bottom;
    /// rectangles of the same rows stand side by side.
    [[nodiscard]] std::vector<CellRect> disjoint(std::int64_t rows, int columns) const;

private:
    enum class Kind { Cells, Rows, Columns };

    void start(GridPlace place, Mode mode, Kind kind);
    [[nodiscard]] CellRect spanned() const;

    std::optional<GridPlace> m_current;
    GridPlace m_anchor;
    Kind m_kind = Kind::Cells;
    std::vector<CellRect> m_rects;
};

} // namespace freshet::ui
