// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::bench {

struct WalkResult
{
    std::int64_t documents = 0;
    std::uint64_t checksum = 0; ///< of every value, so that none is skipped
    bool isWhole = true;
};

/// How much of a value is looked at.
enum class WalkDepth {
    Values, ///< strings unescaped, numbers parsed, as a program that uses them must
    Tokens  ///< only where each value starts
};

/// Walk NDJSON with simdjson on-demand, one document a line, going to every value and storing none.
/// `text` has `simdjson::SIMDJSON_PADDING` bytes behind it.
[[nodiscard]] WalkResult walkLines(std::string_view text, WalkDepth depth);
/// The same through `iterate_many`.
[[nodiscard]] WalkResult walkMany(std::string_view text, WalkDepth depth);
/// The implementations at work: for the structure, and for the values.
[[nodiscard]] std::string simdjsonImplementation();

} // namespace freshet::bench
