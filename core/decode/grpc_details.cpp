// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/grpc_details.h"

#include "decode/proto_wire.h"
#include "decode/text_encoding.h"

namespace freshet::decode {

namespace {

/// The text fields 1 and 2 of a message; padded, because a reader looks ahead.
struct TwoFields
{
    std::string first;
    std::string second;
};

bool readTwo(std::string_view bytes, TwoFields &fields)
{
    WireReader reader(bytes);
    while (!reader.atEnd()) {
        std::uint32_t tag = 0;
        WirePiece piece;
        if (!reader.tag(tag) || !reader.piece(tag, piece, 10))
            return false;
        if (piece.wire == WireType::Length && tag >> 3 == 1)
            fields.first = piece.bytes;
        else if (piece.wire == WireType::Length && tag >> 3 == 2)
            fields.second = piece.bytes;
    }
    return true;
}

} // namespace

std::string grpcDetailsText(std::string_view status, const ProtoSchema *schema)
{
    constexpr std::uint32_t kDetails = 3;
    std::string padded(status);
    padded.append(WireReader::kPadding, '\0');
    WireReader reader(std::string_view(padded).substr(0, status.size()));
    std::string text;
    while (!reader.atEnd() && text.size() <= Error::kMaxExcerpt) {
        std::uint32_t tag = 0;
        WirePiece piece;
        TwoFields any; // type_url and value
        if (!reader.tag(tag) || !reader.piece(tag, piece, 10))
            return {};
        if (tag >> 3 != kDetails || piece.wire != WireType::Length)
            continue;
        if (!readTwo(piece.bytes, any))
            return {};
        const std::string name = any.first.substr(any.first.rfind('/') + 1);
        text += (text.empty() ? "" : ", ") + repairedUtf8(name);
        if (schema == nullptr)
            continue;
        if (const auto json = schema->toJson(name, any.second))
            text += ' ' + *json;
    }
    return text;
}

} // namespace freshet::decode
