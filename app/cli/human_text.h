// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::cli {

/// `48.1 MB`, powers of 1000, three digits or so.
[[nodiscard]] std::string sizeText(ByteCount size);
/// `1 row`, `1,234 rows`.
[[nodiscard]] std::string rowsText(RowCount rows);
/// `0.4 s`, `12 s`, `3:07`, `1:02:03`.
[[nodiscard]] std::string durationText(std::chrono::microseconds duration);
/// Local time to the minute: `2026-11-21 08:40`.
[[nodiscard]] std::string momentText(std::chrono::system_clock::time_point moment);
/// How many columns of a terminal the UTF-8 `text` takes, one for each code point.
[[nodiscard]] std::size_t displayWidth(std::string_view text);

/// Rows of cells as lines with aligned columns; `rightAligned` says which hold numbers.
[[nodiscard]] std::string alignedTable(const std::vector<std::vector<std::string>> &rows,
                                       const std::vector<bool> &rightAligned);

} // namespace freshet::cli
