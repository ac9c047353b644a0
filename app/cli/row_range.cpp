// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/row_range.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace freshet::cli {

namespace {

std::optional<std::int64_t> bound(std::string_view text, std::int64_t absent)
{
    if (text.empty())
        return absent;
    std::int64_t value = 0;
    const char *end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc() || stop != end || value < 0)
        return std::nullopt;
    return value;
}

} // namespace

Result<RowRange> parseRowRange(std::string_view text, RowCount rows)
{
    const auto colon = text.find(':');
    if (colon != std::string_view::npos) {
        const auto first = bound(text.substr(0, colon), 0);
        const auto end = bound(text.substr(colon + 1), rows.value());
        if (first && end && (*first <= *end || text.ends_with(':')))
            return RowRange{RowIndex(std::min(*first, rows.value())),
                            RowIndex(std::min(*end, rows.value()))};
    }
    return fail(ErrorCode::InvalidArgument,
                "--rows is A:B with row numbers from 0, B not included, not \"" +
                    std::string(text) + '"');
}

} // namespace freshet::cli
