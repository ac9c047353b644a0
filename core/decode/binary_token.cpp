// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/binary_token.h"

#include <bit>
#include <cmath>
#include <limits>

namespace freshet::decode {

namespace {

using Kind = BinaryToken::Kind;
using Outcome = BinaryReader::Outcome;

std::uint64_t bigEndian(const char *at, std::size_t size)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value = value << 8 | static_cast<unsigned char>(at[i]);
    return value;
}

/// The bytes of one token, taken one part after the other.
class Cursor
{
public:
    Cursor(const char *at, const char *end) : m_first(at), m_at(at), m_end(end) {}

    /// Take `size` bytes. Output: where they are, or nullptr with `answer()` set.
    const char *take(std::uint64_t size)
    {
        if (size <= static_cast<std::uint64_t>(m_end - m_at)) {
            const char *const taken = m_at;
            m_at += size;
            return taken;
        }
        const auto before = static_cast<std::uint64_t>(m_at - m_first);
        constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
        m_needed = size > kMost - before ? kMost : before + size;
        return nullptr;
    }
    [[nodiscard]] const char *at() const { return m_at; }
    [[nodiscard]] BinaryReader::Answer answer() const
    {
        return {m_needed == 0 ? Outcome::Whole : Outcome::NeedsMore, m_needed};
    }
    [[nodiscard]] bool isShort() const { return m_needed != 0; }

    std::uint64_t integer(std::size_t size)
    {
        const char *const bytes = take(size);
        return bytes == nullptr ? 0 : bigEndian(bytes, size);
    }
    std::string_view bytes(std::uint64_t size)
    {
        const char *const taken = isShort() ? nullptr : take(size);
        return taken == nullptr ? std::string_view()
                                : std::string_view(taken, static_cast<std::size_t>(size));
    }

private:
    const char *m_first;
    const char *m_at;
    const char *m_end;
    std::uint64_t m_needed = 0;
};

double realOf(std::uint64_t bits, std::size_t size)
{
    // A float32 is exact in a double.
    return size == 4 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                     : std::bit_cast<double>(bits);
}

/// Source: RFC 8949, appendix D.
double halfOf(std::uint64_t bits)
{
    const auto exponent = static_cast<int>(bits >> 10 & 0x1F);
    const auto mantissa = static_cast<double>(bits & 0x3FF);
    double value = exponent == 0    ? std::ldexp(mantissa, -24)
                   : exponent != 31 ? std::ldexp(mantissa + 1024, exponent - 25)
                   : mantissa == 0  ? std::numeric_limits<double>::infinity()
                                    : std::numeric_limits<double>::quiet_NaN();
    return (bits & 0x8000) != 0 ? -value : value;
}

void setSigned(BinaryToken &token, std::uint64_t bits, std::size_t size)
{
    const auto shift = static_cast<unsigned>(64 - 8 * size);
    token.kind = Kind::Int;
    token.number = static_cast<std::uint64_t>(static_cast<std::int64_t>(bits << shift) >> shift);
}

class MsgPackReader final : public BinaryReader
{
public:
    Answer read(const char *&at, const char *end, BinaryToken &token) const override
    {
        Cursor cursor(at, end);
        const auto head = static_cast<unsigned>(cursor.integer(1));
        if (cursor.isShort())
            return cursor.answer();
        token = {};
        if (head <= 0x7F) {
            token.kind = Kind::UInt;
            token.number = head;
        } else if (head >= 0xE0) {
            setSigned(token, head, 1);
        } else if (head <= 0x9F) {
            token.kind = head <= 0x8F ? Kind::Map : Kind::Array;
            token.number = head & 0xF;
        } else if (head <= 0xBF) {
            token.kind = Kind::Text;
            token.bytes = cursor.bytes(head & 0x1F);
        } else if (!readLong(head, cursor, token)) {
            return {Outcome::Broken};
        }
        if (!cursor.isShort())
            at = cursor.at();
        return cursor.answer();
    }
    const char *reason() const override { return "no MessagePack value starts with the byte 0xc1"; }

private:
    static bool readLong(unsigned head, Cursor &cursor, BinaryToken &token)
    {
        const auto withLength = [&](Kind kind, unsigned step) {
            token.kind = kind;
            token.bytes = cursor.bytes(cursor.integer(std::size_t{1} << step));
        };
        const auto extension = [&](std::uint64_t size) {
            setSigned(token, cursor.isShort() ? 0 : cursor.integer(1), 1);
            token.kind = Kind::Extension;
            token.bytes = cursor.bytes(size);
        };
        switch (head) {
        case 0xC0:
            return true;
        case 0xC1:
            return false;
        case 0xC2:
        case 0xC3:
            token.kind = Kind::Bool;
            token.number = head & 1;
            return true;
        case 0xC4:
        case 0xC5:
        case 0xC6:
            withLength(Kind::Bytes, head - 0xC4);
            return true;
        case 0xC7:
        case 0xC8:
        case 0xC9:
            extension(cursor.integer(std::size_t{1} << (head - 0xC7)));
            return true;
        case 0xCA:
        case 0xCB:
            token.kind = Kind::Real;
            token.real = realOf(cursor.integer(head == 0xCA ? 4 : 8), head == 0xCA ? 4 : 8);
            return true;
        case 0xCC:
        case 0xCD:
        case 0xCE:
        case 0xCF:
            token.kind = Kind::UInt;
            token.number = cursor.integer(std::size_t{1} << (head - 0xCC));
            return true;
        case 0xD0:
        case 0xD1:
        case 0xD2:
        case 0xD3: {
            const std::size_t size = std::size_t{1} << (head - 0xD0);
            setSigned(token, cursor.integer(size), size);
            return true;
        }
        case 0xD4:
        case 0xD5:
        case 0xD6:
        case 0xD7:
        case 0xD8:
            extension(std::uint64_t{1} << (head - 0xD4));
            return true;
        case 0xD9:
        case 0xDA:
        case 0xDB:
            withLength(Kind::Text, head - 0xD9);
            return true;
        default: // 0xDC to 0xDF
            token.kind = head <= 0xDD ? Kind::Array : Kind::Map;
            token.number = cursor.integer((head & 1) == 0 ? 2 : 4);
            return true;
        }
    }
};

class CborReader final : public BinaryReader
{
public:
    Answer read(const char *&at, const char *end, BinaryToken &token) const override
    {
        Cursor cursor(at, end);
        const auto head = static_cast<unsigned>(cursor.integer(1));
        if (cursor.isShort())
            return cursor.answer();
        token = {};
        const unsigned major = head >> 5;
        const unsigned info = head & 0x1F;
        const bool isBroken = (info >= 28 && info <= 30) || (info == 31 && !mayBeOpen(major));
        if (isBroken)
            return {Outcome::Broken};
        const std::uint64_t argument =
            info < 24 || info == 31 ? info : cursor.integer(std::size_t{1} << (info - 24));
        if (cursor.isShort())
            return cursor.answer();
        if (major == 7)
            setSimple(token, info, argument);
        else
            setItem(token, major, info == 31, argument, cursor);
        if (!cursor.isShort())
            at = cursor.at();
        return cursor.answer();
    }
    const char *reason() const override { return "no CBOR item starts with this byte"; }

private:
    static bool mayBeOpen(unsigned major) { return major >= 2 && major != 6; }

    static void setItem(BinaryToken &token, unsigned major, bool isOpen, std::uint64_t argument,
                        Cursor &cursor)
    {
        static constexpr Kind kKinds[] = {Kind::UInt,  Kind::Int, Kind::Bytes, Kind::Text,
                                          Kind::Array, Kind::Map, Kind::Tag};
        token.kind = kKinds[major];
        token.isIndefinite = isOpen;
        token.number = argument;
        if (token.kind == Kind::Int) {
            if (argument > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
                token.kind = Kind::Negative;
            else
                token.number = ~argument;
        } else if ((token.kind == Kind::Bytes || token.kind == Kind::Text) && !isOpen) {
            token.bytes = cursor.bytes(argument);
        }
    }

    static void setSimple(BinaryToken &token, unsigned info, std::uint64_t argument)
    {
        token.number = argument;
        if (info == 31) {
            token.kind = Kind::Break;
        } else if (info >= 25) {
            token.kind = Kind::Real;
            token.real = info == 25 ? halfOf(argument) : realOf(argument, info == 26 ? 4 : 8);
        } else if (info == 20 || info == 21) {
            token.kind = Kind::Bool;
            token.number = info & 1;
        } else if (info != 22 && info != 23) {
            token.kind = Kind::Simple;
        }
    }
};

} // namespace

const BinaryReader &msgPackReader()
{
    static const MsgPackReader reader;
    return reader;
}

const BinaryReader &cborReader()
{
    static const CborReader reader;
    return reader;
}

} // namespace freshet::decode
