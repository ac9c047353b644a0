// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/base64_stream.h"

#include "base/base64.h"
#include "decode/text_encoding.h"

namespace freshet::decode {

namespace {

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

Status Base64Stream::feed(std::string_view text, std::string &out)
{
    out.reserve(out.size() + text.size() / 4 * 3 + 3);
    for (const char c : text) {
        ++m_offset;
        const auto digit = base64Digit(c);
        if (digit && m_padding == 0) {
            m_bits = m_bits << 6 | *digit;
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
