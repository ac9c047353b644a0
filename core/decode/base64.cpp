// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/base64.h"

#include "decode/text_encoding.h"

#include <array>

namespace freshet::decode {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> kDigits = [] {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(kNoDigit);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    digits['-'] = 62;
    digits['_'] = 63;
    return digits;
}();

/// The bytes of a group of four with `padding` of them missing.
void appendGroup(std::string &out, std::uint32_t bits, int padding)
{
    out += static_cast<char>(bits >> 16);
    if (padding < 2)
        out += static_cast<char>(bits >> 8 & 0xFF);
    if (padding < 1)
        out += static_cast<char>(bits & 0xFF);
}

} // namespace

void appendBase64(std::string &out, std::string_view bytes)
{
    const auto byte = [&](std::size_t i) {
        return i < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]))
                                : 0u;
    };
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::uint32_t bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        out += kAlphabet[bits >> 18];
        out += kAlphabet[bits >> 12 & 63];
        out += i + 1 < bytes.size() ? kAlphabet[bits >> 6 & 63] : '=';
        out += i + 2 < bytes.size() ? kAlphabet[bits & 63] : '=';
    }
}

std::optional<std::string> fromBase64(std::string_view text)
{
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::string padded(text);
    while (padded.size() % 4 != 0)
        padded += '=';
    std::string out;
    Base64Stream stream;
    if (!stream.feed(padded, out) || !stream.finish())
        return std::nullopt;
    return out;
}

Status Base64Stream::feed(std::string_view text, std::string &out)
{
    out.reserve(out.size() + text.size() / 4 * 3 + 3);
    for (const char c : text) {
        ++m_offset;
        const std::uint8_t digit = kDigits[static_cast<unsigned char>(c)];
        if (digit != kNoDigit && m_padding == 0) {
            m_bits = m_bits << 6 | digit;
        } else if (c == '=' && m_count >= 2) {
            m_bits <<= 6;
            ++m_padding;
        } else if (c == '\n' || c == '\r' || c == ' ') {
            continue;
        } else {
            return fail(Error{.code = ErrorCode::SyntaxError,
                              .detail = shownByte(c) + " is not base64",
                              .byteOffset = ByteOffset(m_offset - 1)});
        }
        if (++m_count == 4) {
            appendGroup(out, m_bits & 0xFFFFFF, m_padding);
            m_bits = 0;
            m_count = m_padding = 0;
        }
    }
    return {};
}

Status Base64Stream::finish() const
{
    if (m_count != 0)
        return fail(Error{.code = ErrorCode::Truncated,
                          .detail = "the base64 text ends inside a group of four",
                          .byteOffset = ByteOffset(m_offset)});
    return {};
}

} // namespace freshet::decode
