// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "grid/cell_block.h"

#include <optional>
#include <string>

namespace freshet::ui {

/// What the status line says about selected cells.
struct SelectionSummary
{
    /// Cells read at most; beyond, only the count is told.
    static constexpr std::int64_t kMaxCells = 1'000'000;

    std::int64_t cells = 0;
    std::int64_t rows = 0;
    /// Whether the figures below were worked out.
    bool hasFigures = false;
    std::int64_t numbers = 0; ///< cells that hold a number
    std::int64_t absent = 0;  ///< cells without a value
    /// Decimal text; empty without numbers. The sum is exact unless `isSumRounded`.
    std::string sum;
    std::string min;
    std::string max;
    bool isSumRounded = false;
};

/// Read the cells and add up. Integers and decimals are added exactly in 128 bits; doubles, and
/// sums beyond, in floating point.
/// Errors: Cancelled and those of the source. Threads: any; reads the disk.
[[nodiscard]] Result<SelectionSummary> summarize(const GridSource &source, const CellBlocks &blocks,
                                                 const CancelToken &cancel);

} // namespace freshet::ui
