// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/cell_block.h"

#include <limits>

namespace freshet::ui {

std::int64_t CellBlocks::cellCount() const
{
    std::int64_t count = 0;
    for (const CellBlock &block : blocks) {
        std::int64_t cells = 0;
        if (__builtin_mul_overflow(block.rows.count().value(),
                                   static_cast<std::int64_t>(block.columns.size()), &cells) ||
            __builtin_add_overflow(count, cells, &count))
            return std::numeric_limits<std::int64_t>::max();
    }
    return count;
}

std::int64_t CellBlocks::rowCount() const
{
    std::int64_t count = 0;
    for (const CellBlock &block : blocks)
        count += block.rows.count().value();
    return count;
}

} // namespace freshet::ui
