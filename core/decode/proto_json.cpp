// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/proto_json.h"

#include "base/base64.h"
#include "columnar/value_text.h"
#include "decode/text_encoding.h"

#include <algorithm>
#include <utility>

namespace freshet::decode {

namespace {

/// Whether a value in a message without presence is as good as absent.
bool isDefault(const ProtoField &field, std::uint64_t bits)
{
    return !field.hasPresence && bits == 0;
}

} // namespace

bool ProtoJson::message(std::string &out, const ProtoType &type, std::string_view bytes)
{
    return anyMessage(out, type, bytes, m_maxDepth);
}

bool ProtoJson::repeated(std::string &out, const ProtoField &field,
                         std::span<const WirePiece> pieces)
{
    return field.isMap ? map(out, field, pieces, m_maxDepth) : many(out, field, pieces, m_maxDepth);
}

bool ProtoJson::anyMessage(std::string &out, const ProtoType &type, std::string_view bytes,
                           int depth)
{
    if (depth <= 0)
        return failed(
            {ErrorCode::NestingTooDeep, bytes.data(), "too many messages inside each other"});
    WireReader reader(bytes);
    ProtoTime time;
    switch (type.wellKnown) {
    case WellKnown::None:
        out += '{';
        if (!members(out, type, bytes, depth, true))
            return false;
        out += '}';
        return true;
    case WellKnown::Timestamp:
    case WellKnown::Duration:
        if (!time.read(reader, type, m_fit))
            return failed(reader.fault());
        out += '"';
        out += type.wellKnown == WellKnown::Timestamp ? timestampText(time) : durationText(time);
        out += '"';
        return true;
    case WellKnown::FieldMask: {
        std::string paths;
        if (!fieldMaskText(paths, reader, type, m_fit))
            return failed(reader.fault());
        if (!isUtf8(paths))
            return failed({ErrorCode::InvalidUtf8, bytes.data(), "the text is not UTF-8"});
        columnar::appendJsonString(out, paths);
        return true;
    }
    case WellKnown::Wrapper:
        return wrapper(out, type, bytes, depth);
    case WellKnown::Struct:
    case WellKnown::Value:
    case WellKnown::ListValue:
        return structValue(out, type, bytes, depth);
    case WellKnown::Any:
        return any(out, type, bytes, depth);
    }
    return false;
}

bool ProtoJson::occurrences(std::vector<Occurrence> &found, const ProtoType &type,
                            std::string_view bytes, int depth)
{
    // Of a oneof, the member that came last counts, from where it came instead of another.
    struct Chosen
    {
        int field = -1;
        std::size_t from = 0;
    };
    std::vector<Chosen> chosen(static_cast<std::size_t>(type.oneofs));
    bool wasReplaced = false;
    WireReader reader(bytes);
    while (!reader.atEnd()) {
        std::uint32_t tag = 0;
        WirePiece piece;
        if (!reader.tag(tag) || !reader.piece(tag, piece, depth))
            return failed(reader.fault());
        const int index = type.indexOf(tag >> 3);
        if (index < 0 || !type.fields[static_cast<std::size_t>(index)].canHave(piece.wire)) {
            m_fit.passedOver(type, tag);
            continue;
        }
        if (const int oneof = type.fields[static_cast<std::size_t>(index)].oneof; oneof >= 0) {
            Chosen &before = chosen[static_cast<std::size_t>(oneof)];
            wasReplaced = wasReplaced || (before.field != index && before.field >= 0);
            if (before.field != index)
                before = {index, found.size()};
        }
        found.push_back({index, piece});
    }
    if (wasReplaced) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const int oneof = type.fields[static_cast<std::size_t>(found[i].field)].oneof;
            if (oneof < 0 || i >= chosen[static_cast<std::size_t>(oneof)].from)
                found[kept++] = found[i];
        }
        found.resize(kept);
    }
    if (!found.empty())
        m_fit.took(type);
    std::ranges::stable_sort(found, {}, &Occurrence::field);
    return true;
}

bool ProtoJson::members(std::string &out, const ProtoType &type, std::string_view bytes, int depth,
                        bool isFirst)
{
    std::vector<Occurrence> found;
    if (!occurrences(found, type, bytes, depth))
        return false;
    std::vector<WirePiece> pieces;
    for (std::size_t i = 0; i < found.size();) {
        const int index = found[i].field;
        pieces.clear();
        for (; i < found.size() && found[i].field == index; ++i)
            pieces.push_back(found[i].piece);
        const ProtoField &member = type.fields[static_cast<std::size_t>(index)];
        const std::size_t before = out.size();
        if (!isFirst)
            out += ',';
        columnar::appendJsonString(out, member.name);
        out += ':';
        const std::size_t start = out.size();
        if (!field(out, member, pieces, depth))
            return false;
        if (out.size() == start)
            out.resize(before); // as good as absent
        else
            isFirst = false;
    }
    return true;
}

bool ProtoJson::field(std::string &out, const ProtoField &field, std::span<const WirePiece> pieces,
                      int depth)
{
    if (field.isRepeated) {
        const std::size_t start = out.size();
        if (!(field.isMap ? map(out, field, pieces, depth) : many(out, field, pieces, depth)))
            return false;
        if (out.size() == start + 2) // nothing in it
            out.resize(start);
        return true;
    }
    if (!field.isMessage()) {
        const WirePiece &last = pieces.back();
        if (!field.hasPresence && field.wire == WireType::Length && last.bytes.empty())
            return true;
        if (field.wire != WireType::Length) {
            WireReader reader(last.bytes);
            std::uint64_t bits = 0;
            if (!readNumber(reader, field.kind, bits))
                return failed(reader.fault());
            if (isDefault(field, bits))
                return true;
        }
        return one(out, field, last, depth);
    }
    std::string scratch;
    const std::vector<WirePiece> all(pieces.begin(), pieces.end());
    return anyMessage(out, *field.type, mergedBytes(all, scratch), depth - 1);
}

bool ProtoJson::one(std::string &out, const ProtoField &field, const WirePiece &piece, int depth)
{
    switch (field.kind) {
    case ProtoKind::Message:
    case ProtoKind::Group:
        return anyMessage(out, *field.type, piece.bytes, depth - 1);
    case ProtoKind::String:
        if (!isUtf8(piece.bytes))
            return failed(
                {ErrorCode::InvalidUtf8, piece.bytes.data(), "the text is not UTF-8", &field});
        columnar::appendJsonString(out, piece.bytes);
        return true;
    case ProtoKind::Bytes:
        out += '"';
        appendBase64(out, piece.bytes);
        out += '"';
        return true;
    default: {
        WireReader reader(piece.bytes);
        std::uint64_t bits = 0;
        if (!readNumber(reader, field.kind, bits))
            return failed(reader.fault());
        appendProtoNumber(out, field, bits, true);
        return true;
    }
    }
}

bool ProtoJson::many(std::string &out, const ProtoField &field, std::span<const WirePiece> pieces,
                     int depth)
{
    out += '[';
    const std::size_t start = out.size();
    const auto separate = [&] {
        if (out.size() != start)
            out += ',';
    };
    for (const WirePiece &piece : pieces) {
        if (!field.isPackable() || piece.wire != WireType::Length) {
            separate();
            if (!one(out, field, piece, depth))
                return false;
            continue;
        }
        WireReader packed(piece.bytes);
        while (!packed.atEnd()) {
            std::uint64_t bits = 0;
            if (!readNumber(packed, field.kind, bits))
                return failed(packed.fault());
            separate();
            appendProtoNumber(out, field, bits, true);
        }
    }
    out += ']';
    return true;
}

bool ProtoJson::map(std::string &out, const ProtoField &field, std::span<const WirePiece> pieces,
                    int depth)
{
    const ProtoField &keyField = field.type->fields[0];
    const ProtoField &valueField = field.type->fields[1];
    // The last of equal keys counts; the order is that in which they first came.
    std::vector<std::pair<std::string, std::string>> entries;
    std::unordered_map<std::string, std::size_t> places;
    for (const WirePiece &piece : pieces) {
        std::vector<Occurrence> parts;
        if (!occurrences(parts, *field.type, piece.bytes, depth))
            return false;
        std::string key;
        std::string value;
        std::vector<WirePiece> values;
        for (const Occurrence &part : parts) {
            if (part.field == 0) {
                key.clear();
                if (!one(key, keyField, part.piece, depth))
                    return false;
            } else {
                values.push_back(part.piece);
            }
        }
        if (key.empty())
            key = keyField.kind == ProtoKind::String ? "\"\""
                  : keyField.kind == ProtoKind::Bool ? "\"false\""
                                                     : "\"0\"";
        else if (key.front() != '"')
            key = '"' + key + '"';
        if (values.empty() && valueField.isMessage()) {
            if (!anyMessage(value, *valueField.type, std::string_view("", 0), depth - 1))
                return false;
        } else if (values.empty()) {
            if (valueField.wire == WireType::Length)
                value = "\"\"";
            else
                appendProtoNumber(value, valueField, valueField.defaultBits, true);
        } else if (valueField.isMessage()) {
            std::string scratch;
            if (!anyMessage(value, *valueField.type, mergedBytes(values, scratch), depth - 1))
                return false;
        } else if (!one(value, valueField, values.back(), depth)) {
            return false;
        }
        const auto [place, isNew] = places.emplace(key, entries.size());
        if (isNew)
            entries.emplace_back(std::move(key), std::move(value));
        else
            entries[place->second].second = std::move(value);
    }
    out += '{';
    bool isFirst = true;
    for (const auto &[key, value] : entries) {
        if (!std::exchange(isFirst, false))
            out += ',';
        out += key;
        out += ':';
        out += value;
    }
    out += '}';
    return true;
}

bool ProtoJson::wrapper(std::string &out, const ProtoType &type, std::string_view bytes, int depth)
{
    std::vector<Occurrence> found;
    if (!occurrences(found, type, bytes, depth))
        return false;
    const ProtoField &value = type.fields[0];
    if (!found.empty())
        return one(out, value, found.back().piece, depth);
    if (value.wire == WireType::Length)
        out += "\"\"";
    else
        appendProtoNumber(out, value, value.defaultBits, true);
    return true;
}

bool ProtoJson::structValue(std::string &out, const ProtoType &type, std::string_view bytes,
                            int depth)
{
    std::vector<Occurrence> found;
    if (!occurrences(found, type, bytes, depth))
        return false;
    std::vector<WirePiece> pieces;
    for (const Occurrence &one : found)
        pieces.push_back(one.piece);
    if (type.wellKnown == WellKnown::Struct)
        return map(out, type.fields[0], pieces, depth);
    if (type.wellKnown == WellKnown::ListValue)
        return many(out, type.fields[0], pieces, depth);
    // A Value is one of its members; which is not set at all is null.
    constexpr int kNull = 0;
    if (found.empty() || found.back().field == kNull) {
        out += "null";
        return true;
    }
    const ProtoField &member = type.fields[static_cast<std::size_t>(found.back().field)];
    if (!member.isMessage())
        return one(out, member, pieces.back(), depth);
    std::string scratch;
    return anyMessage(out, *member.type, mergedBytes(pieces, scratch), depth - 1);
}

bool ProtoJson::any(std::string &out, const ProtoType &type, std::string_view bytes, int depth)
{
    std::vector<Occurrence> found;
    if (!occurrences(found, type, bytes, depth))
        return false;
    std::string_view url;
    std::string_view value;
    for (const Occurrence &one : found)
        (one.field == 0 ? url : value) = one.piece.bytes;
    if (!isUtf8(url))
        return failed({ErrorCode::InvalidUtf8, url.data(), "the text is not UTF-8"});
    out += R"({"@type":)";
    columnar::appendJsonString(out, url);
    const ProtoType *inner = m_types.find(url.substr(url.rfind('/') + 1));
    if (inner != nullptr && inner->wellKnown == WellKnown::None) {
        if (!value.empty() && !members(out, *inner, value, depth - 1, false))
            return false;
    } else if (inner != nullptr) {
        out += R"(,"value":)";
        if (!anyMessage(out, *inner, value.empty() ? std::string_view("", 0) : value, depth - 1))
            return false;
    } else {
        out += R"(,"value":")";
        appendBase64(out, value);
        out += '"';
    }
    out += '}';
    return true;
}

} // namespace freshet::decode
