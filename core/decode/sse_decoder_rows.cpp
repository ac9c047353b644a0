// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of the data of an event.
#include "decode/input_window.h"
#include "decode/json_elements.h"
#include "decode/json_place.h"
#include "decode/sse_decoder.h"
#include "decode/text_encoding.h"

namespace freshet::decode {

namespace {

constexpr const char *kTextBehind = "unexpected text after the value";

} // namespace

Status SseDecoder::takeData(const ServerEvent &event)
{
    if (!m_options.flatten)
        return takeText(event);
    const std::size_t first = event.data.find_first_not_of(" \t\n");
    const char opening = first == std::string_view::npos ? '\0' : event.data[first];
    if (opening == '{')
        return takeObject(event, jsonText(event, true));
    if (opening == '[')
        return takeArray(event, jsonText(event, true));
    return takeText(event);
}

SseDecoder::Text SseDecoder::jsonText(const ServerEvent &event, bool mayStayInPlace)
{
    const char *const end = event.data.data() + event.data.size();
    const bool hasRoom = m_inputEnd - end >= static_cast<std::ptrdiff_t>(InputWindow::kPadding);
    Text text{event.data.data(), end, true};
    if (!mayStayInPlace || !event.isInPlace || !hasRoom) {
        m_scratch.assign(event.data);
        m_scratch.append(InputWindow::kPadding, '\0');
        text = {m_scratch.data(), m_scratch.data() + event.data.size(), false};
    }
    m_lexer.start(text.end, text.isInPlace);
    text.at = m_lexer.skipBlanks(text.at);
    return text;
}

Status SseDecoder::takeObject(const ServerEvent &event, Text text)
{
    leadObject(event, text);
    const char *const next = m_row.read(text.at, text.end, 0, text.isInPlace);
    if (next != nullptr && (next == text.end || m_lexer.skipBlanks(next) == text.end)) {
        m_hasSeenObject = true;
        return endRow(event, true);
    }
    // In place the text ends with its line: what is wrong must not depend on where it lies.
    if (text.isInPlace) {
        if (next != nullptr)
            m_row.drop();
        return takeObject(event, jsonText(event, false));
    }
    if (next == nullptr)
        return takeNoJson(event, text, m_row.fault());
    m_row.drop();
    return takeNoJson(event, text, {ErrorCode::SyntaxError, m_lexer.skipBlanks(next), kTextBehind});
}

Status SseDecoder::takeArray(const ServerEvent &event, Text text)
{
    const char *const next = m_lexer.value(text.at, 0);
    const bool isWhole = next != nullptr && m_lexer.skipBlanks(next) == text.end;
    if (!isWhole && text.isInPlace)
        return takeArray(event, jsonText(event, false));
    if (next == nullptr)
        return takeNoJson(event, text, m_lexer.fault());
    if (!isWhole)
        return takeNoJson(event, text,
                          {ErrorCode::SyntaxError, m_lexer.skipBlanks(next), kTextBehind});
    for (JsonElements element(m_lexer, text.at); !element.isOver(); element.moveOn()) {
        if (*element.at() != '{')
            return takeText(event);
    }
    return takeElements(event, text);
}

/// The array at `text` is valid, and all its elements are objects.
Status SseDecoder::takeElements(const ServerEvent &event, Text text)
{
    for (JsonElements element(m_lexer, text.at); !element.isOver(); element.moveOn()) {
        m_hasSeenObject = true;
        text.at = element.at();
        leadObject(event, text);
        if (m_row.read(text.at, text.end, 1, text.isInPlace) != nullptr)
            FRESHET_TRY(endRow(event, element.isLast()));
        else
            FRESHET_TRY(rejectData(event, text, m_row.fault(), between(text.at, element.next())));
    }
    return {};
}

Status SseDecoder::takeText(const ServerEvent &event)
{
    if (const std::size_t place = firstInvalidUtf8(event.data); place != event.data.size()) {
        const char *const at = event.data.data();
        const JsonFault fault{ErrorCode::InvalidUtf8, at + place, "the data is not UTF-8"};
        return rejectData(event, {at, at + event.data.size(), false}, fault, event.data);
    }
    if (!m_columns.isDecided())
        decideColumns(event, nullptr);
    m_columns.lead(event, true,
                   m_options.flatten ? columnar::TextInference::All : columnar::TextInference::Off);
    if (m_row.readLead())
        return endRow(event, true);
    return rejectData(event, {event.data.data(), event.data.data(), false}, m_row.fault(),
                      event.data);
}

/// Data that starts like an object or array cannot be read as one.
Status SseDecoder::takeNoJson(const ServerEvent &event, const Text &text, JsonFault fault)
{
    if (fault.code == ErrorCode::SyntaxError && !m_hasSeenObject)
        return takeText(event);
    return rejectData(event, text, fault, event.data);
}

/// Set what the row at `text` begins with; nothing while no object has told the names, which one
/// that is not valid does not.
void SseDecoder::leadObject(const ServerEvent &event, const Text &text)
{
    if (!m_columns.isDecided())
        decideColumns(event, &text);
    if (m_columns.isDecided())
        m_columns.lead(event, false, {});
}

/// Give the names of the columns out, knowing the members of the first object, if it is one.
void SseDecoder::decideColumns(const ServerEvent &event, const Text *object)
{
    m_row.lead({});
    const bool isObject =
        object != nullptr && m_row.read(object->at, object->end, 0, object->isInPlace) != nullptr;
    if (isObject || object == nullptr)
        m_columns.decide(event, isObject);
}

Status SseDecoder::endRow(const ServerEvent &event, bool isLast)
{
    ++m_units;
    ++m_eventRows;
    ++m_rowsSinceId;
    if (isLast)
        moveToId(event.id, m_eventRows);
    return m_output.endRow(isLast ? event.end.value() : m_output.position().value());
}

Status SseDecoder::rejectData(const ServerEvent &event, const Text &text, JsonFault fault,
                              std::string_view rawText)
{
    ++m_units;
    Error error{
        .code = fault.code, .detail = fault.reason, .byteOffset = event.start, .line = event.line};
    std::int64_t place = 0;
    if (fault.at != nullptr && fault.at >= text.at && fault.at <= text.end)
        place = fault.at - text.end + std::ssize(event.data);
    if (event.dataAt)
        error.byteOffset = *event.dataAt + ByteCount(place);
    error.excerpt = excerptAround(event.data, place);
    return m_output.reject(std::move(error), rawText);
}

} // namespace freshet::decode
