// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_selection.h"

#include <optional>

class QKeyEvent;

namespace freshet::ui {

enum class GridMove {
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    RowStart,  ///< Home, Ctrl+Left
    RowEnd,    ///< End, Ctrl+Right
    FirstRow,  ///< Ctrl+Up: same column
    LastRow,   ///< Ctrl+Down
    FirstCell, ///< Ctrl+Home
    LastCell,  ///< Ctrl+End
};

enum class GridCommand { SelectAll, SelectRows, SelectColumns, Copy, Activate };

/// What a key asks of the grid: a movement, or a command. Neither: the key is not the grid's.
struct GridKey
{
    std::optional<GridMove> move;
    GridSelection::Mode mode = GridSelection::Mode::Replace;
    std::optional<GridCommand> command;
};

[[nodiscard]] GridKey gridKey(const QKeyEvent &event);

/// Where a movement leads in a grid of this size, which has at least one row and one column.
[[nodiscard]] GridPlace moved(GridPlace from, GridMove move, std::int64_t rows, int columns,
                              std::int64_t pageRows);

} // namespace freshet::ui
