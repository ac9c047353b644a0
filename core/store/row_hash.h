// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <cstdint>
#include <span>
#include <vector>

namespace freshet::store {

/// 128 bits of a row's values: rows that have the same ones have the same values, for all practical
/// purposes. Comparable only among columns of the same types.
/// Source: XXH3, 128 bits.
struct RowHash
{
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    bool operator==(const RowHash &) const = default;
};

/// What a row without a value in one of the columns means.
enum class NullHashing {
    Ignore, ///< it is a value like others; null and missing are the same
    NoHash  ///< the row has no hash (a key with a hole tells nothing apart): all bits are 0
};

/// The hash of each of `rows` over `columns`, in their order.
[[nodiscard]] std::vector<RowHash> hashRows(std::span<const columnar::Column> columns,
                                            std::span<const std::int64_t> rows, NullHashing nulls);

} // namespace freshet::store
