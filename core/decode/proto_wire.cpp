// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_wire.h"

namespace freshet::decode {

bool WireReader::longVarint(std::uint64_t &value)
{
    const char *const start = m_at;
    value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
        if (m_at >= m_end)
            return fail(start, "the message ends inside a number");
        const auto byte = static_cast<unsigned char>(*m_at++);
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return fail(start, "a number has more than ten bytes");
}

bool WireReader::piece(std::uint32_t tag, WirePiece &piece, int depth)
{
    const char *const start = m_at;
    piece.wire = static_cast<WireType>(tag & 7);
    std::uint64_t number = 0;
    switch (piece.wire) {
    case WireType::Varint:
        if (!varint(number))
            return false;
        break;
    case WireType::Fixed64:
        if (!fixed(number))
            return false;
        break;
    case WireType::Fixed32: {
        std::uint32_t small = 0;
        if (!fixed(small))
            return false;
        break;
    }
    case WireType::Length:
        return length(piece.bytes);
    case WireType::StartGroup:
        return group(tag >> 3, piece.bytes, depth);
    case WireType::EndGroup:
        return fail(start, "a group ends that has not begun");
    }
    piece.bytes = {start, static_cast<std::size_t>(m_at - start)};
    return true;
}

bool WireReader::group(std::uint32_t number, std::string_view &inside, int depth)
{
    const char *const start = m_at;
    if (depth <= 0)
        return fail(start, "too many messages inside each other", ErrorCode::NestingTooDeep);
    while (!atEnd()) {
        const char *const here = m_at;
        std::uint32_t inner = 0;
        if (!tag(inner))
            return false;
        if (static_cast<WireType>(inner & 7) == WireType::EndGroup) {
            if (inner >> 3 != number)
                return fail(here, "a group ends that has not begun");
            inside = {start, static_cast<std::size_t>(here - start)};
            return true;
        }
        WirePiece skipped;
        if (!piece(inner, skipped, depth - 1))
            return false;
    }
    return fail(start, "a group has no end");
}

bool readNumber(WireReader &reader, ProtoKind kind, std::uint64_t &bits)
{
    switch (kind) {
    case ProtoKind::Double:
    case ProtoKind::Fixed64:
    case ProtoKind::SFixed64:
        return reader.fixed(bits);
    case ProtoKind::Float:
    case ProtoKind::Fixed32: {
        std::uint32_t small = 0;
        const bool isRead = reader.fixed(small);
        bits = small;
        return isRead;
    }
    case ProtoKind::SFixed32: {
        std::int32_t small = 0;
        const bool isRead = reader.fixed(small);
        bits = static_cast<std::uint64_t>(std::int64_t{small});
        return isRead;
    }
    default:
        break;
    }
    if (!reader.varint(bits))
        return false;
    // A varint may be wider than its field: what does not fit is cut off.
    switch (kind) {
    case ProtoKind::Int32:
    case ProtoKind::Enum:
        bits = static_cast<std::uint64_t>(
            std::int64_t{static_cast<std::int32_t>(static_cast<std::uint32_t>(bits))});
        break;
    case ProtoKind::UInt32:
        bits = static_cast<std::uint32_t>(bits);
        break;
    case ProtoKind::SInt32:
        bits = static_cast<std::uint64_t>(zigZag(static_cast<std::uint32_t>(bits)));
        break;
    case ProtoKind::SInt64:
        bits = static_cast<std::uint64_t>(zigZag(bits));
        break;
    case ProtoKind::Bool:
        bits = bits != 0 ? 1 : 0;
        break;
    default:
        break;
    }
    return true;
}

std::string_view mergedBytes(const std::vector<WirePiece> &pieces, std::string &scratch)
{
    if (pieces.size() == 1)
        return pieces.front().bytes;
    scratch.clear();
    for (const WirePiece &piece : pieces)
        scratch += piece.bytes;
    const std::size_t size = scratch.size();
    scratch.append(WireReader::kPadding, '\0');
    return {scratch.data(), size};
}

} // namespace freshet::decode
