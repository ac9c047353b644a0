// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the wire into the builder. How the plan is made is in proto_plan.cpp.
#include "decode/proto_rows.h"

#include "columnar/time_text.h"
#include "decode/proto_plan.h"
#include "decode/text_encoding.h"

#include <bit>

namespace freshet::decode {

namespace {

using columnar::TextInference;

} // namespace

bool ProtoRows::failed(const WireFault &fault)
{
    m_fault = fault;
    return false;
}

bool ProtoRows::readRow(std::string_view bytes)
{
    m_builder.beginRow();
    WireReader reader(bytes);
    if (readNode(*m_root, reader) && finishNode(*m_root, true)) [[likely]] {
        m_fit.readRow();
        return true;
    }
    m_fit.refusedRow(m_fault);
    m_builder.abandonRow();
    forget(*m_root);
    return false;
}

bool ProtoRows::nextRow(WireReader &message, std::string_view &row, bool &isThere)
{
    isThere = false;
    while (!message.atEnd()) {
        std::uint32_t tag = 0;
        WirePiece piece;
        if (!message.tag(tag) || !message.piece(tag, piece, m_maxDepth)) {
            m_fit.refusedRow(message.fault());
            return failed(message.fault());
        }
        const ProtoType &type = m_types.root();
        const int index = type.indexOf(tag >> 3);
        if (index < 0 || !type.fields[static_cast<std::size_t>(index)].canHave(piece.wire)) {
            m_fit.passedOver(type, tag);
            continue;
        }
        if (type.fields[static_cast<std::size_t>(index)].kind == ProtoKind::String &&
            !isUtf8(piece.bytes)) {
            m_fit.passedOver(type, tag);
            continue;
        }
        m_fit.took(type);
        if (tag >> 3 == m_rowsField) {
            row = piece.bytes;
            isThere = true;
            return true;
        }
    }
    return true;
}

/// The fields that most rows consist of, without further calls.
inline bool ProtoRows::readExpected(Node &node, Member &member, WireReader &reader)
{
    if (member.action == Action::Text) {
        std::string_view text;
        node.seen[member.place.word] |= member.place.bit;
        return reader.length(text) ? appendString(member, text) : failed(reader.fault());
    }
    if (member.action == Action::Int64) {
        std::uint64_t bits = 0;
        if (!reader.varint(bits))
            return failed(reader.fault());
        node.seen[member.place.word] |= member.place.bit;
        m_builder.appendInt64(member.column, static_cast<std::int64_t>(bits));
        return true;
    }
    return readMember(node, member, reader);
}

bool ProtoRows::readNode(Node &node, WireReader &reader)
{
    // Fields come mostly in the order of their numbers, which is mostly that of the schema.
    const Member *const end = node.members.data() + node.members.size();
    Member *expected = node.members.data();
    while (!reader.atEnd()) {
        std::uint32_t tag = 0;
        if (!reader.tag(tag))
            return failed(reader.fault());
        while (expected != end && expected->tag < tag)
            ++expected;
        if (expected != end && expected->tag == tag) [[likely]] {
            if (!readExpected(node, *expected, reader))
                return false;
        } else if (!readOther(node, tag, reader)) {
            return false;
        }
    }
    return true;
}

/// A field out of order, written in another way than expected, or unknown.
bool ProtoRows::readOther(Node &node, std::uint32_t tag, WireReader &reader)
{
    const int index = node.type->indexOf(tag >> 3);
    if (index >= 0) {
        Member &member = node.members[static_cast<std::size_t>(node.byField[std::size_t(index)])];
        const bool isPacked =
            member.field->isPackable() && static_cast<WireType>(tag & 7) == WireType::Length;
        if (member.tag == tag)
            return readMember(node, member, reader);
        if (isPacked) {
            node.seen[member.place.word] |= member.place.bit;
            member.pieces.emplace_back();
            return reader.piece(tag, member.pieces.back(), m_maxDepth) || failed(reader.fault());
        }
    }
    m_fit.passedOver(*node.type, tag);
    WirePiece skipped;
    return reader.piece(tag, skipped, m_maxDepth) || failed(reader.fault());
}

bool ProtoRows::readMember(Node &node, Member &member, WireReader &reader)
{
    if (member.isInOneof) [[unlikely]]
        choose(node, member);
    node.seen[member.place.word] |= member.place.bit;
    switch (member.action) {
    case Action::Text:
    case Action::Int64:
    case Action::Scalar:
        return readScalar(member, reader);
    case Action::Late:
        member.pieces.emplace_back();
        return reader.piece(member.tag, member.pieces.back(), m_maxDepth) || failed(reader.fault());
    case Action::Child: {
        WirePiece inside;
        if (!reader.piece(member.tag, inside, m_maxDepth))
            return failed(reader.fault());
        WireReader inner(inside.bytes);
        return readNode(*member.child, inner);
    }
    }
    return false;
}

bool ProtoRows::readScalar(const Member &member, WireReader &reader)
{
    const ProtoKind kind = member.kind;
    if (kind == ProtoKind::String || kind == ProtoKind::Bytes) {
        std::string_view bytes;
        if (!reader.length(bytes))
            return failed(reader.fault());
        if (kind == ProtoKind::String)
            return appendString(member, bytes);
        m_builder.appendBinary(member.column, bytes);
        return true;
    }
    std::uint64_t bits = 0;
    if (!readNumber(reader, kind, bits))
        return failed(reader.fault());
    appendNumber(member, bits);
    return true;
}

bool ProtoRows::appendString(const Member &member, std::string_view text)
{
    if (!isAscii(text) && !isUtf8(text)) [[unlikely]]
        return failed({ErrorCode::InvalidUtf8, text.data() + firstInvalidUtf8(text),
                       "the text is not UTF-8", member.field});
    m_builder.appendText(member.column, text, TextInference::Off);
    return true;
}

void ProtoRows::appendNumber(const Member &member, std::uint64_t bits)
{
    const int column = member.column;
    switch (member.kind) {
    case ProtoKind::Double:
        return m_builder.appendDouble(column, std::bit_cast<double>(bits));
    case ProtoKind::Float:
        return m_builder.appendDouble(
            column, shortestDouble(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
    case ProtoKind::UInt64:
    case ProtoKind::Fixed64:
        return m_builder.appendUInt64(column, bits);
    case ProtoKind::Bool:
        return m_builder.appendBool(column, bits != 0);
    case ProtoKind::Enum: {
        const auto number = static_cast<std::int32_t>(static_cast<std::int64_t>(bits));
        if (const std::string *name = member.field->names->name(number); name != nullptr)
            return m_builder.appendText(column, *name, TextInference::Off);
        return m_builder.appendText(column, std::to_string(number), TextInference::Off);
    }
    default:
        return m_builder.appendInt64(column, static_cast<std::int64_t>(bits));
    }
}

/// The value of a field that can only be told once all of it is there.
bool ProtoRows::appendLate(Member &member)
{
    const ProtoField &field = *member.field;
    m_text.clear();
    if (field.isRepeated) {
        if (!m_json.repeated(m_text, field, member.pieces))
            return failed(m_json.fault());
        m_builder.appendJson(member.column, m_text);
        return true;
    }
    const std::string_view bytes = mergedBytes(member.pieces, m_scratch);
    WireReader reader(bytes);
    ProtoTime time;
    switch (field.type->wellKnown) {
    case WellKnown::Timestamp:
        if (!time.read(reader, *field.type, m_fit))
            return failed(reader.fault());
        if (time.isTimestamp() && time.nanos % 1000 == 0)
            m_builder.appendTimestamp(member.column,
                                      time.seconds * columnar::kMicrosPerSecond + time.nanos / 1000,
                                      kTimestampForm);
        else
            m_builder.appendText(member.column, timestampText(time), TextInference::Off);
        return true;
    case WellKnown::Duration:
        if (!time.read(reader, *field.type, m_fit))
            return failed(reader.fault());
        if (time.isDuration())
            m_builder.appendDecimal(member.column,
                                    columnar::Int128{time.seconds} * 1'000'000'000 + time.nanos,
                                    kDurationScale);
        else
            m_builder.appendText(member.column, durationText(time), TextInference::Off);
        return true;
    case WellKnown::FieldMask:
        if (!fieldMaskText(m_text, reader, *field.type, m_fit))
            return failed(reader.fault());
        return appendString(member, m_text);
    case WellKnown::Wrapper: {
        Node &inner = *member.child;
        if (!readNode(inner, reader))
            return false;
        return finishNode(inner, true);
    }
    default:
        if (!m_json.message(m_text, *field.type, bytes))
            return failed(m_json.fault());
        m_builder.appendJson(member.column, m_text);
        return true;
    }
}

void ProtoRows::appendDefault(const Member &member)
{
    const ProtoField &field = *member.field;
    if (field.kind == ProtoKind::String)
        m_builder.appendText(member.column, field.defaultText, TextInference::Off);
    else if (field.kind == ProtoKind::Bytes)
        m_builder.appendBinary(member.column, field.defaultText);
    else
        appendNumber(member, field.defaultBits);
}

/// Give every column of the node that has no value yet what it has when nothing is sent.
bool ProtoRows::finishNode(Node &node, bool isPresent)
{
    for (std::size_t word = 0; word < node.seen.size(); ++word) {
        if (node.seen[word] != 0)
            m_fit.took(*node.type);
        const std::size_t first = word * 64;
        const std::size_t count = std::min<std::size_t>(64, node.members.size() - first);
        std::uint64_t open =
            ~(node.seen[word] & node.closed[word]) & (~std::uint64_t{0} >> (64 - count));
        for (; open != 0; open &= open - 1) {
            Member &member = node.members[first + std::size_t(std::countr_zero(open))];
            if (!finishMember(member, node.has(member.place), isPresent))
                return false;
        }
        node.seen[word] = 0;
    }
    if (!node.chosen.empty())
        std::ranges::fill(node.chosen, nullptr);
    return true;
}

bool ProtoRows::finishMember(Member &member, bool isSeen, bool isPresent)
{
    const ProtoField &field = *member.field;
    switch (member.action) {
    case Action::Text:
    case Action::Int64:
    case Action::Scalar:
        if (isPresent && (!field.hasPresence || field.hasDefault))
            appendDefault(member);
        else
            m_builder.appendNull(member.column);
        return true;
    case Action::Late:
        if (!member.pieces.empty()) {
            const bool isRead = appendLate(member);
            member.pieces.clear();
            return isRead;
        }
        if (isPresent && field.isRepeated)
            m_builder.appendJson(member.column, field.isMap ? "{}" : "[]");
        else
            m_builder.appendNull(member.column);
        return true;
    case Action::Child:
        return finishNode(*member.child, isPresent && isSeen);
    }
    return false;
}

/// A member of a oneof came: the one that was there before goes.
void ProtoRows::choose(Node &node, const Member &member)
{
    const Member *&chosen = node.chosen[static_cast<std::size_t>(member.field->oneof)];
    if (chosen != nullptr && chosen != &member)
        clear(node, node.members[static_cast<std::size_t>(chosen - node.members.data())]);
    chosen = &member;
}

void ProtoRows::clear(Node &node, Member &member)
{
    node.seen[member.place.word] &= ~member.place.bit;
    member.pieces.clear();
    const auto isSet = [](std::uint64_t word) {
        return word != 0;
    };
    if (member.action != Action::Child || std::ranges::none_of(member.child->seen, isSet))
        return;
    for (Member &inner : member.child->members)
        clear(*member.child, inner);
    std::ranges::fill(member.child->chosen, nullptr);
}

/// Nothing of a row that failed stays behind.
void ProtoRows::forget(Node &node)
{
    if (std::ranges::any_of(node.seen, [](std::uint64_t word) { return word != 0; }))
        m_fit.took(*node.type);
    node.forgetRow();
    for (Member &member : node.members) {
        member.pieces.clear();
        if (member.child)
            forget(*member.child);
    }
}

} // namespace freshet::decode
