// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string_view>

namespace freshet::cli {

/// Rows [first, end).
struct RowRange
{
    RowIndex first;
    RowIndex end;

    bool operator==(const RowRange &) const = default;
};

/// `10:20`, `10:`, `:20`, `:`; what lies beyond `rows` is cut off.
/// Errors: InvalidArgument for anything else, also for an end before its start.
[[nodiscard]] Result<RowRange> parseRowRange(std::string_view text, RowCount rows);

} // namespace freshet::cli
