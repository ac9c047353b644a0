// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/text_encoding.h"

#include <simdjson.h>

#include <array>

namespace freshet::decode {

namespace {

struct KnownMark
{
    std::string_view bytes;
    std::string_view encoding;
};

using namespace std::string_view_literals;

/// The longer ones first: UTF-32 begins as UTF-16 does.
constexpr std::array kMarks = {
    KnownMark{"\xFF\xFE\0\0"sv, "UTF-32 (little endian)"},
    KnownMark{"\0\0\xFE\xFF"sv, "UTF-32 (big endian)"},
    KnownMark{"\xFF\xFE"sv, "UTF-16 (little endian)"},
    KnownMark{"\xFE\xFF"sv, "UTF-16 (big endian)"},
    KnownMark{"\xEF\xBB\xBF"sv, ""},
};

/// The length of the UTF-8 sequence at the start of `text`; 0 if there is none.
/// Source: Unicode 15, table 3-7.
std::size_t sequenceLength(std::string_view text)
{
    const auto byteAt = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const unsigned first = byteAt(0);
    if (first < 0x80)
        return 1;
    std::size_t length = 0;
    unsigned least = 0x80;
    unsigned most = 0xBF;
    if (first >= 0xC2 && first <= 0xDF) {
        length = 2;
    } else if (first >= 0xE0 && first <= 0xEF) {
        length = 3;
        least = first == 0xE0 ? 0xA0 : 0x80;
        most = first == 0xED ? 0x9F : 0xBF;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4;
        least = first == 0xF0 ? 0x90 : 0x80;
        most = first == 0xF4 ? 0x8F : 0xBF;
    } else {
        return 0;
    }
    if (byteAt(1) < least || byteAt(1) > most)
        return 0;
    for (std::size_t i = 2; i < length; ++i)
        if (byteAt(i) < 0x80 || byteAt(i) > 0xBF)
            return 0;
    return length;
}

} // namespace

std::optional<ByteOrderMark> byteOrderMarkOf(std::string_view first, bool atEnd)
{
    for (const KnownMark &mark : kMarks) {
        if (first.starts_with(mark.bytes))
            return ByteOrderMark{static_cast<std::int64_t>(mark.bytes.size()), mark.encoding};
        if (!atEnd && mark.bytes.starts_with(first))
            return std::nullopt;
    }
    return ByteOrderMark{};
}

std::string_view wideEncodingOf(std::string_view sample)
{
    std::array<std::size_t, 2> zeros = {0, 0};
    for (std::size_t i = 0; i < sample.size(); ++i)
        zeros[i % 2] += sample[i] == '\0' ? 1 : 0;
    const std::size_t pairs = sample.size() / 2;
    if (pairs < 4)
        return {};
    if (zeros[1] > pairs * 4 / 5 && zeros[0] <= pairs / 20)
        return "UTF-16 (little endian)";
    if (zeros[0] > pairs * 4 / 5 && zeros[1] <= pairs / 20)
        return "UTF-16 (big endian)";
    return {};
}

bool isUtf8(std::string_view text)
{
    constexpr std::size_t kShort = 32;
    return (text.size() <= kShort && isAscii(text)) ||
           simdjson::validate_utf8(text.data(), text.size());
}

std::size_t firstInvalidUtf8(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = sequenceLength(text.substr(at));
        if (length == 0)
            break;
        at += length;
    }
    return at;
}

std::string repairedUtf8(std::string_view text)
{
    std::string repaired;
    while (!text.empty()) {
        const std::size_t valid = firstInvalidUtf8(text);
        repaired += text.substr(0, valid);
        text.remove_prefix(valid);
        if (!text.empty()) {
            repaired += "\xEF\xBF\xBD";
            text.remove_prefix(1);
        }
    }
    return repaired;
}

std::string shownByte(char byte)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto value = static_cast<unsigned char>(byte);
    return {'b', 'y', 't', 'e', ' ', '0', 'x', kDigits[value >> 4], kDigits[value & 15]};
}

} // namespace freshet::decode
