// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of the text of a message.
#include "decode/input_window.h"
#include "decode/json_elements.h"
#include "decode/json_place.h"
#include "decode/text_encoding.h"
#include "decode/web_socket_decoder.h"

namespace freshet::decode {

namespace {

constexpr const char *kTextBehind = "unexpected text after the value";

bool mayStartRows(char first)
{
    return first == '{' || first == '[';
}

} // namespace

/// The payload is whole and padded.
Status WebSocketDecoder::takeText()
{
    const char *const end = m_payload.data() + m_payload.size() - InputWindow::kPadding;
    m_lexer.start(end, false);
    const char *at = m_lexer.skipBlanks(m_payload.data());
    if (at == end)
        return {};
    if (!mayStartRows(*at))
        return takePlainText();
    for (bool isFirst = true; at != end && !hasEnded(); isFirst = false) {
        const char *const next = *at == '{' ? m_object.read(m_lexer, at) : m_lexer.value(at, 0);
        JsonFault fault = m_lexer.fault();
        const char *const behind = next == nullptr ? nullptr : m_lexer.skipBlanks(next);
        if (next != nullptr && behind != end && !mayStartRows(*behind)) {
            fault = {ErrorCode::SyntaxError, behind, kTextBehind};
        } else if (next != nullptr) {
            m_hasSeenJson = true;
            FRESHET_TRY(takeValue(at, next));
            at = behind;
            continue;
        }
        // What starts like JSON may be plain text, until the stream has shown that it talks JSON.
        if (isFirst && fault.code == ErrorCode::SyntaxError && !m_hasSeenJson)
            return takePlainText();
        return rejectMessage(fault);
    }
    return {};
}

Status WebSocketDecoder::takeValue(const char *at, const char *next)
{
    if (m_wanted && !m_wanted->steps.empty())
        return takeAtPath(at, next);
    if (*at == '[')
        return takeArray(at, next);
    return m_wanted ? takeRow(at, next, 0) : takeObject(at, next);
}

Status WebSocketDecoder::takeArray(const char *at, const char *next)
{
    const char first = *m_lexer.skipBlanks(at + 1);
    if (first == ']') {
        ++m_batches;
        return {};
    }
    bool isBatch = mayStartRows(first);
    for (JsonElements element(m_lexer, at); isBatch && !element.isOver(); element.moveOn())
        isBatch = *element.at() == first;
    return isBatch ? takeElements(at) : takeRow(at, next, 0);
}

Status WebSocketDecoder::takeObject(const char *at, const char *next)
{
    const MessagePurpose purpose = m_object.purpose(m_units == 0);
    if (const auto *const rows = m_object.usualRows(m_lexer)) {
        noteBatch(rows->at);
        FRESHET_TRY(takeElements(rows->at));
        return purpose == MessagePurpose::Complete ? takeControl(purpose, between(at, next))
                                                   : Status();
    }
    if (purpose == MessagePurpose::Row)
        return takeRow(at, next, 0);
    return takeControl(purpose, between(at, next));
}

/// The rows are where the user said; a message that has nothing there is about the stream.
Status WebSocketDecoder::takeAtPath(const char *at, const char *next)
{
    if (*at == '[') {
        passOver("array");
        return {};
    }
    const MessagePurpose purpose = m_object.purpose(true);
    const std::string type(m_object.type());
    const char *place = at;
    const char *behind = next;
    int depth = 0;
    MessageObject inner;
    for (const RowsStep &step : m_wanted->steps) {
        const MessageObject &object = depth == 0 ? m_object : inner;
        const auto *const member = object.find(step.name);
        place = member == nullptr ? nullptr : member->at;
        if (place == nullptr)
            break;
        behind = member->next;
        ++depth;
        const bool isLast = depth == static_cast<int>(m_wanted->steps.size());
        if (!isLast && (*place != '{' || inner.read(m_lexer, place) == nullptr)) {
            place = nullptr;
            break;
        }
    }
    if (place != nullptr && *place == '[')
        FRESHET_TRY(takeElements(place));
    else if (place != nullptr && *place == '{')
        FRESHET_TRY(takeRow(place, behind, depth));
    else if (purpose == MessagePurpose::Row)
        passOver(type.empty() ? "(none)" : type);
    if (purpose == MessagePurpose::Complete || place == nullptr)
        return takeControl(purpose, between(at, next));
    return {};
}

Status WebSocketDecoder::takeElements(const char *array)
{
    ++m_batches;
    for (JsonElements element(m_lexer, array); !element.isOver(); element.moveOn())
        FRESHET_TRY(takeRow(element.at(), element.next(), 1));
    return {};
}

/// The value is valid JSON.
Status WebSocketDecoder::takeRow(const char *at, const char *next, int depth)
{
    ++m_units;
    m_row.lead({});
    if (m_row.read(at, m_lexer.end(), depth, false) != nullptr)
        return m_output.endRow(m_output.position().value());
    Error error{.code = m_row.fault().code,
                .detail = m_row.fault().reason,
                .byteOffset = ByteOffset(m_start + static_cast<std::int64_t>(kMessageHeaderBytes) +
                                         (at - m_payload.data())),
                .line = m_messages};
    error.excerpt = Error::excerptOf(between(at, next));
    return m_output.reject(std::move(error), between(at, next));
}

Status WebSocketDecoder::takePlainText()
{
    const std::string_view text(m_payload.data(), m_payload.size() - InputWindow::kPadding);
    if (const std::size_t place = firstInvalidUtf8(text); place != text.size())
        return rejectMessage(
            {ErrorCode::InvalidUtf8, text.data() + place, "the message is not UTF-8"});
    ++m_units;
    m_row.setLeadColumns({"message"});
    m_lead[0] = {0, text, columnar::TextInference::All};
    m_row.lead(m_lead);
    if (m_row.readLead())
        return m_output.endRow(m_output.position().value());
    --m_units;
    return rejectMessage(m_row.fault());
}

/// The message under way is no row and holds no more.
Status WebSocketDecoder::rejectMessage(const JsonFault &fault)
{
    ++m_units;
    std::string_view text(m_payload);
    if (static_cast<MessageFlag>(m_header[0]) == MessageFlag::Text)
        text.remove_suffix(InputWindow::kPadding);
    const bool hasPlace = fault.at >= text.data() && fault.at <= text.data() + text.size();
    const std::int64_t place = hasPlace ? fault.at - text.data() : 0;
    Error error{.code = fault.code,
                .detail = fault.reason,
                .byteOffset =
                    ByteOffset(m_start + static_cast<std::int64_t>(kMessageHeaderBytes) + place),
                .line = m_messages};
    if (isUtf8(text))
        error.excerpt = excerptAround(text, place);
    return m_output.reject(std::move(error), text);
}

void WebSocketDecoder::noteBatch(const char *rows)
{
    if (!m_rowsAt.empty())
        return;
    for (const MessageObject::Member &member : m_object.members()) {
        if (member.at == rows) {
            m_rowsAt = "$";
            appendMember(m_rowsAt, member.key);
        } else {
            m_beside += (m_beside.empty() ? "" : ", ") + Error::excerptOf(member.key);
        }
    }
}

} // namespace freshet::decode
