// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::decode {

/// What the first bytes of a text say about its encoding.
struct ByteOrderMark
{
    std::int64_t length = 0;   ///< bytes to step over; 0: no mark
    std::string_view encoding; ///< of a text that is not UTF-8: "UTF-16 (little endian)"
};

/// Source: Unicode 15, section 23.8.
/// Output: nothing if more bytes must tell, which is never so `atEnd`.
[[nodiscard]] std::optional<ByteOrderMark> byteOrderMarkOf(std::string_view first, bool atEnd);

/// The name of a 16-bit encoding that a text without mark is surely in; empty if it is not.
[[nodiscard]] std::string_view wideEncodingOf(std::string_view sample);

[[nodiscard]] bool isUtf8(std::string_view text);
/// The first byte that no UTF-8 text has in its place; the size if there is none.
[[nodiscard]] std::size_t firstInvalidUtf8(std::string_view text);
/// With U+FFFD for each byte that is not valid.
[[nodiscard]] std::string repairedUtf8(std::string_view text);
/// `byte 0xe9`
[[nodiscard]] std::string shownByte(char byte);

} // namespace freshet::decode
