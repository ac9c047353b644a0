// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Messages, and what they say about the stream. What becomes of text is in
// web_socket_decoder_rows.cpp.
#include "decode/web_socket_decoder.h"

#include "decode/event_figures.h"
#include "decode/input_window.h"
#include "decode/json_text.h"

#include <algorithm>
#include <charconv>

namespace freshet::decode {

namespace {

constexpr std::size_t kMostTypesCounted = 100;

/// The whole number of the first of `names` that `json`, an object, has.
std::optional<std::int64_t> countIn(std::string_view json,
                                    std::initializer_list<const char *> names)
{
    for (const char *name : names) {
        const std::string path[] = {name};
        const auto value = jsonAt(json, path);
        std::int64_t count = 0;
        if (!value)
            continue;
        const char *const end = value->data() + value->size();
        if (const auto [stop, problem] = std::from_chars(value->data(), end, count);
            problem == std::errc() && stop == end && count >= 0)
            return count;
    }
    return std::nullopt;
}

/// The figures of a message, which some servers put into an object inside.
EventFigures figuresOf(std::string_view json)
{
    EventFigures figures = figuresIn(json);
    for (const char *name : {"data", "payload", "summary", "stats"}) {
        if (figures.done || figures.total)
            break;
        const std::string path[] = {name};
        if (const auto inner = jsonAt(json, path); inner && inner->starts_with('{'))
            figures = figuresIn(*inner);
    }
    return figures;
}

} // namespace

Result<std::unique_ptr<RowDecoder>> makeWebSocketDecoder(const DecodeOptions &options,
                                                         DecodeOutputs outputs)
{
    std::optional<RowsPath> wanted;
    if (!options.rowsAt.empty()) {
        auto path = RowsPath::parse(options.rowsAt);
        if (!path)
            return fail(std::move(path).error());
        if (!std::ranges::all_of(path->steps, [](const RowsStep &step) {
                return step.kind == RowsStep::Kind::Member;
            }))
            return fail(ErrorCode::InvalidArgument,
                        "rows-at \"" + options.rowsAt +
                            "\": only members lead to the rows of a message");
        wanted = std::move(*path);
    }
    return std::make_unique<WebSocketDecoder>(options, std::move(wanted), outputs);
}

WebSocketDecoder::WebSocketDecoder(const DecodeOptions &options, std::optional<RowsPath> wanted,
                                   DecodeOutputs outputs)
    : m_options(options),
      m_wanted(std::move(wanted)),
      m_output(outputs),
      m_row(outputs.builder, options.flatten, options.limits),
      m_lexer(options.limits.nestingDepth)
{
    reset();
}

void WebSocketDecoder::reset()
{
    m_output.reset();
    m_row.reset();
    if (m_wanted)
        m_row.spread(m_wanted->inner);
    m_broken.reset();
    m_consumed = m_start = m_messages = m_units = m_batches = 0;
    m_headerSize = m_left = 0;
    m_payload.clear();
    m_hasSeenJson = false;
    m_progress.reset();
    m_isProgressInRows = true;
    m_endStated.reset();
    m_total.reset();
    m_problem.reset();
    m_rowsAt = m_options.rowsAt;
    m_beside.clear();
    m_passedOver.clear();
}

Status WebSocketDecoder::feed(std::string_view bytes)
{
    if (m_broken)
        return fail(*m_broken);
    Status taken = takeAll(bytes);
    return taken ? taken : broken(std::move(taken));
}

Status WebSocketDecoder::finish()
{
    if (m_broken)
        return fail(*m_broken);
    if (!hasEnded() && m_headerSize > 0)
        return broken(fail(Error{.code = ErrorCode::Truncated,
                                 .detail = "the stream ends inside message " +
                                           std::to_string(m_messages + 1) + ", which is left out",
                                 .byteOffset = ByteOffset(m_start)}));
    return flush();
}

Status WebSocketDecoder::broken(Status status)
{
    m_broken = status.error();
    // The rows before the place are good: they must not wait for an end that will not come.
    FRESHET_TRY(flush());
    return status;
}

Status WebSocketDecoder::takeAll(std::string_view bytes)
{
    const auto take = [&](std::size_t size) {
        const std::string_view part = bytes.substr(0, size);
        bytes.remove_prefix(part.size());
        m_consumed += std::ssize(part);
        return part;
    };
    while (!hasEnded() && !bytes.empty()) {
        if (m_headerSize < kMessageHeaderBytes) {
            const std::string_view part = take(kMessageHeaderBytes - m_headerSize);
            std::ranges::copy(part, m_header.begin() + static_cast<std::ptrdiff_t>(m_headerSize));
            m_headerSize += part.size();
            if (m_headerSize < kMessageHeaderBytes)
                return {};
            FRESHET_TRY(beginMessage());
        }
        const std::string_view part = take(m_left);
        m_payload.append(part);
        m_left -= part.size();
        if (m_left == 0)
            FRESHET_TRY(endMessage());
    }
    return {};
}

Status WebSocketDecoder::beginMessage()
{
    const auto flag = static_cast<MessageFlag>(m_header[0]);
    if (flag != MessageFlag::Text && flag != MessageFlag::Binary && flag != MessageFlag::Close)
        return fail(Error{.code = ErrorCode::SyntaxError,
                          .detail = "the body is not a stream of WebSocket messages",
                          .byteOffset = ByteOffset(m_start)});
    m_left = 0;
    for (std::size_t at = 1; at < m_header.size(); ++at)
        m_left = m_left << 8 | m_header[at];
    if (m_left > m_options.limits.rowBytes.asSize())
        return fail(Error{.code = ErrorCode::RowTooLarge,
                          .detail = "a message of " + std::to_string(m_left) +
                                    " bytes exceeds the limit of " +
                                    std::to_string(m_options.limits.rowBytes.value()),
                          .byteOffset = ByteOffset(m_start)});
    m_payload.clear();
    return {};
}

Status WebSocketDecoder::endMessage()
{
    ++m_messages;
    Status taken;
    switch (static_cast<MessageFlag>(m_header[0])) {
    case MessageFlag::Text:
        m_payload.append(InputWindow::kPadding, '\0');
        taken = takeText();
        break;
    case MessageFlag::Binary:
        taken = rejectMessage(
            {ErrorCode::Unsupported, nullptr, "a binary message: only text messages are read"});
        break;
    case MessageFlag::Close:
        break; // the transport judges how the talk ended
    }
    FRESHET_TRY(taken);
    m_headerSize = 0;
    m_start = m_consumed;
    m_output.moveTo(m_consumed);
    return {};
}

Status WebSocketDecoder::takeControl(MessagePurpose purpose, std::string_view text)
{
    switch (purpose) {
    case MessagePurpose::Complete:
        takeEnd(text);
        break;
    case MessagePurpose::Progress:
        takeProgress(text);
        break;
    case MessagePurpose::Notice:
        takeProgress(text);
        passOver(m_object.type());
        break;
    case MessagePurpose::Error:
        return fail(Error{.code = ErrorCode::InBandError,
                          .detail = "the server sent an error message",
                          .byteOffset = ByteOffset(m_start),
                          .excerpt = Error::excerptOf(text)});
    case MessagePurpose::Row:
    case MessagePurpose::Batch:
        break;
    }
    return {};
}

void WebSocketDecoder::takeEnd(std::string_view text)
{
    const std::string name(m_object.type());
    m_endStated = (name.starts_with('e') ? "an \"" : "a \"") + name + "\" message";
    const EventFigures figures = figuresOf(text);
    if (const auto total = figures.total ? figures.total : figures.done)
        m_total = RowCount(*total);
    const auto batches =
        countIn(text, {"totalBatches", "total_batches", "batches", "batchCount", "batch_count"});
    if (batches && *batches != m_batches)
        m_problem = *m_endStated + " counts " + std::to_string(*batches) + " batches, " +
                    std::to_string(m_batches) + " came";
}

void WebSocketDecoder::takeProgress(std::string_view text)
{
    const EventFigures figures = figuresOf(text);
    if (!figures.done && !figures.total)
        return;
    m_progress = DeclaredProgress{};
    if (figures.done)
        m_progress->done = RowCount(*figures.done);
    if (figures.total)
        m_progress->total = RowCount(*figures.total);
    // Counts that are not the rows at the time may be percentages: no promise.
    m_isProgressInRows = m_isProgressInRows && figures.done.value_or(0) == m_units;
    m_progress->countsRows = m_isProgressInRows || !figures.done;
}

void WebSocketDecoder::passOver(std::string_view type)
{
    const std::string shown = type.size() > Error::kMaxExcerpt ? Error::excerptOf(type) : "";
    if (!shown.empty())
        type = shown;
    if (const auto found = m_passedOver.find(type); found != m_passedOver.end())
        ++found->second;
    else if (m_passedOver.size() < kMostTypesCounted)
        m_passedOver.emplace(type, 1);
}

DecodeFindings WebSocketDecoder::findings() const
{
    DecodeFindings findings;
    findings.format = Format::WebSocket;
    findings.rowsAt = m_rowsAt;
    findings.endStated = m_endStated;
    findings.inBandProblem = m_problem;
    if (m_total) {
        findings.declaredTotal = m_total;
        findings.declaredTotalFrom = "total of " + *m_endStated;
    } else if (m_progress && m_progress->total && m_isProgressInRows) {
        findings.declaredTotal = m_progress->total;
        findings.declaredTotalFrom = "total of the progress messages";
    }
    findings.notes = m_row.notes();
    if (!m_beside.empty())
        findings.notes.push_back("the rows are at " + m_rowsAt +
                                 " of the messages; left out beside them: " + m_beside);
    for (const auto &[type, count] : m_passedOver)
        findings.notes.push_back("messages of type \"" + type +
                                 "\" passed over: " + std::to_string(count));
    return findings;
}

} // namespace freshet::decode
