// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_source.h"

#include <vector>

namespace freshet::ui {

/// Rows of a selection that share their columns. Columns are schema numbers from left to right as
/// shown, hidden ones left out.
struct CellBlock
{
    RowRange rows;
    std::vector<int> columns;

    bool operator==(const CellBlock &) const = default;
};

/// Selected cells. The blocks have no row in common and come from top to bottom; `columns` are
/// those of all blocks, in the order they are shown.
struct CellBlocks
{
    std::vector<int> columns;
    std::vector<CellBlock> blocks;

    bool operator==(const CellBlocks &) const = default;
    [[nodiscard]] bool isEmpty() const { return blocks.empty(); }
    /// Both saturate at 2^63 - 1.
    [[nodiscard]] std::int64_t cellCount() const;
    [[nodiscard]] std::int64_t rowCount() const;
};

} // namespace freshet::ui
