// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "decode/proto_type.h"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// What is wrong with a message, and where.
struct WireFault
{
    ErrorCode code = ErrorCode::SyntaxError;
    const char *at = nullptr;
    const char *reason = "";
    const ProtoField *field = nullptr; ///< where it is one field's value
};

/// One occurrence of a field as it stands on the wire, without its tag.
struct WirePiece
{
    std::string_view bytes; ///< of Length and groups: what is inside
    WireType wire = WireType::Varint;
};

/// Reads the encoding of one message, which lies between `at` and `end` and is followed by at least
/// `kPadding` readable bytes, so that most reads need no check beforehand.
/// Source: https://protobuf.dev/programming-guides/encoding/
///
/// After a failed read `fault().reason` says why; the reader must not be used on.
class WireReader
{
public:
    static constexpr std::size_t kPadding = 16;
    static constexpr std::uint32_t kMaxFieldNumber = (1u << 29) - 1;

    WireReader(const char *at, const char *end) : m_at(at), m_end(end) {}
    explicit WireReader(std::string_view bytes) : m_at(bytes.data()), m_end(m_at + bytes.size()) {}

    [[nodiscard]] bool atEnd() const { return m_at >= m_end; }
    [[nodiscard]] const char *place() const { return m_at; }
    [[nodiscard]] const WireFault &fault() const { return m_fault; }

    [[nodiscard]] bool varint(std::uint64_t &value)
    {
        const auto first = static_cast<unsigned char>(*m_at);
        if (first < 0x80 && m_at < m_end) [[likely]] {
            value = first;
            ++m_at;
            return true;
        }
        return longVarint(value);
    }
    [[nodiscard]] bool tag(std::uint32_t &tag)
    {
        std::uint64_t value = 0;
        const char *const start = m_at;
        if (!varint(value))
            return false;
        tag = static_cast<std::uint32_t>(value);
        if (value <= UINT32_MAX && (tag >> 3) != 0 && (tag & 7) <= 5) [[likely]]
            return true;
        return fail(start, "this is no field of a message");
    }
    template <typename T>
    [[nodiscard]] bool fixed(T &value)
    {
        if (m_end - m_at < static_cast<std::ptrdiff_t>(sizeof(T)))
            return fail(m_at, "the message ends inside a number");
        std::memcpy(&value, m_at, sizeof(T)); // little endian, as this machine is
        m_at += sizeof(T);
        return true;
    }
    [[nodiscard]] bool length(std::string_view &bytes)
    {
        const char *const start = m_at;
        std::uint64_t size = 0;
        if (!varint(size))
            return false;
        if (size > static_cast<std::uint64_t>(m_end - m_at)) [[unlikely]]
            return fail(start, "a length points beyond the end of the message");
        bytes = {m_at, static_cast<std::size_t>(size)};
        m_at += size;
        return true;
    }
    /// The value behind `tag`; a group up to its end. `depth` levels may follow inside.
    [[nodiscard]] bool piece(std::uint32_t tag, WirePiece &piece, int depth);

private:
    bool longVarint(std::uint64_t &value);
    bool group(std::uint32_t number, std::string_view &inside, int depth);
    bool fail(const char *at, const char *reason, ErrorCode code = ErrorCode::SyntaxError)
    {
        m_fault = {code, at, reason};
        return false;
    }

    const char *m_at;
    const char *m_end;
    WireFault m_fault;
};

[[nodiscard]] inline std::int64_t zigZag(std::uint64_t value)
{
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

/// The value of a numeric field: `bits` as `ProtoField::defaultBits` holds them, however it is
/// written. For kinds that are numbers, Bool and Enum only.
[[nodiscard]] bool readNumber(WireReader &reader, ProtoKind kind, std::uint64_t &bits);

/// The bytes of a message field that came in several pieces: one after another they are the merged
/// message. `scratch` holds them if there is more than one; it keeps the padding.
[[nodiscard]] std::string_view mergedBytes(const std::vector<WirePiece> &pieces,
                                           std::string &scratch);

} // namespace freshet::decode
