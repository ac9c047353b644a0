// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
/// For short texts, which are mostly so, without a call.
[[nodiscard]] inline bool isAscii(std::string_view text)
{
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    const auto wordAt = [](const char *at, std::size_t size) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, size);
        return word;
    };
    const char *const first = text.data();
    const std::size_t size = text.size();
    std::uint64_t seen = 0;
#ifdef __SSE2__
    if (size >= 16) { // the last block overlaps the one before it
        const auto blockAt = [](const char *at) {
            __m128i block;
            std::memcpy(&block, at, sizeof block);
            return block;
        };
        __m128i blocks = blockAt(first + size - 16);
        for (std::size_t i = 0; i + 16 < size; i += 16)
            blocks = _mm_or_si128(blocks, blockAt(first + i));
        return _mm_movemask_epi8(blocks) == 0;
    }
#endif
    if (size >= 8) {
        for (std::size_t i = 0; i + 8 < size; i += 8)
            seen |= wordAt(first + i, 8);
        seen |= wordAt(first + size - 8, 8);
    } else if (size >= 4) {
        seen = wordAt(first, 4) | wordAt(first + size - 4, 4);
    } else {
        for (const char c : text)
            seen |= static_cast<unsigned char>(c);
    }
    return (seen & kHighBits) == 0;
}
/// The first byte that no UTF-8 text has in its place; the size if there is none.
[[nodiscard]] std::size_t firstInvalidUtf8(std::string_view text);
/// With U+FFFD for each byte that is not valid.
[[nodiscard]] std::string repairedUtf8(std::string_view text);
/// `byte 0xe9`
[[nodiscard]] std::string shownByte(char byte);

} // namespace freshet::decode
