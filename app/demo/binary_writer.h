// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::demo {

/// Appends the low `size` bytes of `value`, the highest first.
inline void appendBigEndian(std::string &out, std::uint64_t value, unsigned size)
{
    while (size-- > 0)
        out += static_cast<char>(value >> (8 * size));
}

/// Writes MessagePack. Source: MessagePack specification of 2017-08-09.
class MsgPackWriter
{
public:
    explicit MsgPackWriter(std::string &out) : m_out(out) {}

    /// At most 15 members or elements.
    void map(unsigned size) { m_out += static_cast<char>(0x80 | size); }
    void array(unsigned size) { m_out += static_cast<char>(0x90 | size); }
    void null() { m_out += '\xC0'; }
    void boolean(bool value) { m_out += value ? '\xC3' : '\xC2'; }
    void integer(std::int64_t value)
    {
        m_out += '\xD3';
        appendBigEndian(m_out, static_cast<std::uint64_t>(value), 8);
    }
    void cents(std::int64_t value)
    {
        m_out += '\xCB';
        appendBigEndian(m_out, std::bit_cast<std::uint64_t>(static_cast<double>(value) / 100), 8);
    }
    void time(std::string_view value) { text(value); }
    void text(std::string_view value)
    {
        m_out += '\xDA';
        appendBigEndian(m_out, value.size(), 2);
        m_out += value;
    }

private:
    std::string &m_out;
};

/// Writes CBOR. Source: RFC 8949; amounts are decimal fractions (§3.4.4).
class CborWriter
{
public:
    explicit CborWriter(std::string &out) : m_out(out) {}

    /// At most 23 members or elements.
    void map(unsigned size) { m_out += static_cast<char>(0xA0 | size); }
    void array(unsigned size) { m_out += static_cast<char>(0x80 | size); }
    void null() { m_out += '\xF6'; }
    void boolean(bool value) { m_out += value ? '\xF5' : '\xF4'; }
    void integer(std::int64_t value)
    {
        m_out += value < 0 ? '\x3B' : '\x1B';
        appendBigEndian(m_out, static_cast<std::uint64_t>(value < 0 ? -1 - value : value), 8);
    }
    void cents(std::int64_t value)
    {
        m_out += "\xC4\x82\x21"; // [-2, value]
        integer(value);
    }
    void time(std::string_view value)
    {
        m_out += '\xC0';
        text(value);
    }
    void text(std::string_view value)
    {
        m_out += '\x79';
        appendBigEndian(m_out, value.size(), 2);
        m_out += value;
    }

private:
    std::string &m_out;
};

} // namespace freshet::demo
