// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The stream and its control events. What becomes of data is in sse_decoder_rows.cpp.
#include "decode/sse_decoder.h"

#include "decode/event_figures.h"
#include "decode/foreign_content.h"
#include "decode/rows_path.h"
#include "decode/text_encoding.h"

#include <algorithm>
#include <array>

namespace freshet::decode {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostTypesCounted = 100;
/// What is looked at more than once should stay in the cache.
constexpr std::size_t kSlice = 64 * 1024;

bool isOneOf(std::string_view type, std::initializer_list<std::string_view> names)
{
    return std::ranges::find(names, type) != names.end();
}

bool isHeartbeat(std::string_view type)
{
    return isOneOf(type, {"ping", "heartbeat", "keepalive", "keep-alive"});
}

/// Whether a body of this type may be a stream of events: files have no type, and some servers know
/// none for theirs.
bool mayBeEvents(std::string_view contentType)
{
    std::string type(contentType.substr(0, contentType.find(';')));
    while (type.ends_with(' ') || type.ends_with('\t'))
        type.pop_back();
    std::ranges::transform(type, type.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return isOneOf(type, {"", "text/event-stream", "text/plain", "application/octet-stream"});
}

Status notAStream(std::string_view what, std::string_view text)
{
    Error error{.code = ErrorCode::WrongContentType,
                .detail = "the body is " + std::string(what) + ", not a stream of events",
                .byteOffset = ByteOffset()};
    error.excerpt = Error::excerptOf(repairedUtf8(text));
    return fail(std::move(error));
}

} // namespace

Result<std::unique_ptr<RowDecoder>> makeSseDecoder(const DecodeOptions &options,
                                                   DecodeOutputs outputs)
{
    if (!mayBeEvents(options.contentType))
        return fail(ErrorCode::WrongContentType,
                    "the answer is " + options.contentType + ", not text/event-stream");
    auto inner = membersToRow(options.rowsAt);
    if (!inner)
        return fail(std::move(inner).error());
    return std::make_unique<SseDecoder>(options, std::move(*inner), outputs);
}

SseDecoder::SseDecoder(const DecodeOptions &options, std::vector<std::string> inner,
                       DecodeOutputs outputs)
    : m_options(options),
      m_inner(std::move(inner)),
      m_parser(options.limits),
      m_output(outputs),
      m_row(outputs.builder, true, options.limits),
      m_lexer(options.limits.nestingDepth),
      m_columns(outputs.builder, m_row),
      m_sink([this](const ServerEvent &event) { return take(event); })
{
    restart();
}

void SseDecoder::reset()
{
    m_output.reset();
    m_row.reset();
    m_columns.reset();
    m_parser.reset();
    m_broken.reset();
    m_hasSeenObject = m_hasSeenEvent = false;
    m_units = m_eventRows = m_rowsSinceId = 0;
    m_progress.reset();
    m_isProgressInRows = true;
    m_endStated.reset();
    m_total.reset();
    m_passedOver.clear();
    restart();
}

void SseDecoder::restart()
{
    m_row.spread(m_inner);
    m_eventId = m_options.lastEventId;
    m_parser.goOnFrom(m_options.lastEventId);
}

Status SseDecoder::feed(std::string_view bytes)
{
    if (m_broken)
        return fail(*m_broken);
    if (hasEnded())
        return {};
    for (Status fed; !bytes.empty(); bytes.remove_prefix(std::min(kSlice, bytes.size()))) {
        const std::string_view slice = bytes.substr(0, kSlice);
        m_inputEnd = slice.data() + slice.size();
        fed = m_parser.feed(slice, m_sink);
        if (hasEnded())
            return {};
        if (fed)
            continue;
        if (Status stream = checkIsStream(m_parser.strayText()); !stream)
            return broken(stream);
        if (fed.error().code == ErrorCode::RowTooLarge) // the events before it are taken
            m_output.moveTo(m_parser.position().value());
        return broken(fed);
    }
    if (Status stream = checkIsStream(m_parser.strayText()); !stream)
        return broken(stream);
    m_output.moveTo(m_parser.position().value());
    moveToId(m_parser.lastEventId(), 0);
    return {};
}

Status SseDecoder::finish()
{
    if (m_broken)
        return fail(*m_broken);
    if (!m_hasSeenEvent) {
        if (Status stream = checkIsStream(m_parser.partialLine()); !stream)
            return broken(stream);
        if (!m_parser.strayText().empty())
            return broken(notAStream("lines that are no events", m_parser.strayText()));
    }
    if (!hasEnded() && m_parser.holdsData())
        return broken(fail(Error{.code = ErrorCode::Truncated,
                                 .detail = "the stream ends inside an event, which is left out",
                                 .byteOffset = m_parser.position()}));
    return flush();
}

Status SseDecoder::broken(Status status)
{
    m_broken = status.error();
    if (m_broken->code == ErrorCode::WrongContentType) // nothing of it was ever a stream
        m_output.moveTo(0);
    // The rows before the place are good: they must not wait for an end that will not come.
    FRESHET_TRY(flush());
    return status;
}

/// A page in place of events would otherwise pass for lines of no meaning.
Status SseDecoder::checkIsStream(std::string_view text) const
{
    if (m_hasSeenEvent || text.empty())
        return {};
    const std::string_view what = foreignContent(text);
    return what.empty() ? Status() : notAStream(what, text);
}

Status SseDecoder::take(const ServerEvent &event)
{
    if (hasEnded())
        return {};
    FRESHET_TRY(checkIsStream(m_parser.strayText()));
    m_output.moveTo(event.before.value()); // blocks without data are passed
    m_hasSeenEvent = true;
    m_eventRows = 0;
    // Most events name no type, and all of them are wanted.
    const bool isPlain = !event.isTypeNamed && m_options.eventTypes.empty();
    const bool isWanted = isPlain || isChosen(event.type);
    if (!isWanted || event.data == "[DONE]"sv) {
        const Result<bool> control = takeControl(event);
        if (!control)
            return fail(control.error());
        if (*control) {
            m_output.moveTo(event.end.value());
            moveToId(event.id, 0);
            return {};
        }
    }
    if (isWanted || (m_options.eventTypes.empty() && !isHeartbeat(event.type)))
        FRESHET_TRY(takeData(event));
    else
        passOver(event.type);
    m_output.moveTo(event.end.value());
    moveToId(event.id, m_eventRows);
    return {};
}

bool SseDecoder::isChosen(std::string_view type) const
{
    return std::ranges::find(m_options.eventTypes, type) != m_options.eventTypes.end();
}

Result<bool> SseDecoder::takeControl(const ServerEvent &event)
{
    if (event.data == "[DONE]"sv || isOneOf(event.type, {"complete", "done", "end"})) {
        takeEnd(event);
        return true;
    }
    if (event.type == "progress"sv) {
        takeProgress(event.data);
        return true;
    }
    if (event.type != "error"sv)
        return false;
    return fail(Error{.code = ErrorCode::InBandError,
                      .detail = "the server sent an error event",
                      .byteOffset = event.start,
                      .line = event.line,
                      .excerpt = Error::excerptOf(event.data)});
}

void SseDecoder::takeProgress(std::string_view data)
{
    const EventFigures figures = figuresIn(data);
    if (!figures.done && !figures.total)
        return;
    m_progress = DeclaredProgress{};
    if (figures.done)
        m_progress->done = RowCount(*figures.done);
    if (figures.total)
        m_progress->total = RowCount(*figures.total);
    m_isProgressInRows = m_isProgressInRows && figures.done == m_units;
    m_progress->countsRows = m_isProgressInRows || !figures.done;
}

void SseDecoder::takeEnd(const ServerEvent &event)
{
    const std::string name = event.data == "[DONE]"sv ? "[DONE]" : std::string(event.type);
    m_endStated = (name == "end" ? "an \"" : "a \"") + name + "\" event";
    const EventFigures figures = figuresIn(event.data);
    if (const auto total = figures.total ? figures.total : figures.done)
        m_total = RowCount(*total);
}

void SseDecoder::passOver(std::string_view type)
{
    const std::string shown = type.size() > Error::kMaxExcerpt ? Error::excerptOf(type) : "";
    if (!shown.empty())
        type = shown;
    if (const auto found = m_passedOver.find(type); found != m_passedOver.end())
        ++found->second;
    else if (m_passedOver.size() < kMostTypesCounted)
        m_passedOver.emplace(type, 1);
}

/// Behind which event a stream would go on: not behind one of which only some rows are out.
void SseDecoder::moveToId(std::string_view id, std::int64_t rows)
{
    if (id == m_eventId)
        return;
    m_eventId = id;
    m_rowsSinceId = rows;
}

DecodeFindings SseDecoder::findings() const
{
    DecodeFindings findings;
    findings.format = Format::Sse;
    findings.rowsAt = m_options.rowsAt;
    if (!m_eventId.empty())
        findings.lastEventId = m_eventId;
    findings.rowsSinceEventId = m_rowsSinceId;
    findings.reconnectAfter = m_parser.retry();
    findings.endStated = m_endStated;
    if (!m_options.eventTypes.empty() && !m_passedOver.empty()) {
        // A total counts events that are no rows here.
    } else if (m_total) {
        findings.declaredTotal = m_total;
        findings.declaredTotalFrom = "total of " + *m_endStated;
    } else if (m_progress && m_progress->total && m_isProgressInRows) {
        findings.declaredTotal = m_progress->total;
        findings.declaredTotalFrom = "total of the progress events";
    }
    findings.notes = m_row.notes();
    const auto &columnNotes = m_columns.notes();
    findings.notes.insert(findings.notes.end(), columnNotes.begin(), columnNotes.end());
    for (const auto &[type, count] : m_passedOver)
        findings.notes.push_back("events of type \"" + type +
                                 "\" passed over: " + std::to_string(count));
    return findings;
}

} // namespace freshet::decode
