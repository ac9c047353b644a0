// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/json_decoder.h"

#include "decode/json_place.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace freshet::decode {

Result<std::unique_ptr<RowDecoder>> makeJsonDecoder(const DecodeOptions &options,
                                                    DecodeOutputs outputs)
{
    std::optional<RowsPath> wanted;
    if (!options.rowsAt.empty()) {
        Result<RowsPath> path = RowsPath::parse(options.rowsAt);
        if (!path)
            return fail(path.error());
        wanted = std::move(*path);
    }
    return std::make_unique<JsonDecoder>(options, std::move(wanted), outputs);
}

JsonDecoder::JsonDecoder(const DecodeOptions &options, std::optional<RowsPath> wanted,
                         DecodeOutputs outputs)
    : WindowedDecoder(outputs),
      m_options(options),
      m_wanted(std::move(wanted)),
      m_outputs(outputs),
      m_lexer(options.limits.nestingDepth),
      m_intake(options, outputs, m_output)
{
    restart();
}

void JsonDecoder::restart()
{
    m_intake.reset();
    if (m_wanted)
        m_intake.row().spread(m_wanted->inner);
    m_partial.stop();
    m_state = State::Value;
    m_stack = {};
    m_envelope.clear();
    m_isFinished = false;
    m_line = 1;
    m_countedTo = 0;
    m_search = m_wanted ? Search::Wanted : Search::Open;
    m_candidate = {};
    m_candidateStart = m_rootStart = {};
    m_dataStart.reset();
    m_isErrorLikely = false;
    m_arraysSeen.clear();
    m_rowsOffset = -1;
    m_shape = RowsShape::Elements;
    m_rowsAt.clear();
    m_isFirstRow = true;
    m_rowsClosed = false;
    m_rowsClosedAt = 0;
    m_badRow.reset();
    m_delegate.reset();
}

DecodeFindings JsonDecoder::findings() const
{
    if (m_delegate)
        return m_delegate->findings();
    DecodeFindings findings{.format = Format::Json, .lastWord = m_output.lastWord()};
    findings.rowsAt = m_rowsAt;
    findings.arrayClosed = m_rowsClosed && m_isFinished;
    findings.arrayClosedAt = ByteOffset(m_rowsClosedAt);
    findings.envelope = m_envelope.members();
    findings.columnNames = m_intake.row().columnNames();
    findings.notes = m_intake.notes();
    if (!m_rowsAt.empty() && m_shape == RowsShape::Single)
        findings.notes.emplace_back("the document is one row");
    if (m_shape == RowsShape::Keyed)
        findings.notes.emplace_back("the rows are members of an object; their keys are in _key");
    findings.inBandProblem = problemIn(m_envelope, m_rowsAt);
    if (findings.inBandProblem)
        findings.notes.push_back("in-band: " + *findings.inBandProblem);
    // ClickHouse counts the rows of this very document.
    const std::string_view rows = m_envelope.at("$.rows");
    std::int64_t total = 0;
    const auto parsed = std::from_chars(rows.data(), rows.data() + rows.size(), total);
    if (!rows.empty() && parsed.ec == std::errc() && parsed.ptr == rows.data() + rows.size() &&
        m_rowsAt == "$.data" && !m_envelope.at("$.meta").empty()) {
        findings.declaredTotal = RowCount(total);
        findings.declaredTotalFrom = "$.rows";
    }
    return findings;
}

Status JsonDecoder::flush()
{
    return m_delegate ? m_delegate->flush() : WindowedDecoder::flush();
}

std::int64_t JsonDecoder::neededFrom() const
{
    return m_search == Search::Open && !m_delegate ? 0 : m_at;
}

Status JsonDecoder::decode(bool atEnd)
{
    if (!passByteOrderMark(atEnd))
        return {};
    for (;;) {
        if (m_delegate)
            return followDelegate(atEnd);
        m_lexer.start(m_window.end(), false);
        const bool inRows = m_state == State::FirstRow || m_state == State::Row ||
                            m_state == State::AfterRow || m_state == State::SkippedRow;
        const Moved moved = inRows ? stepRows(atEnd) : step(atEnd);
        if (!moved)
            return fail(moved.error());
        limitSearch();
        if (!*moved)
            break;
    }
    countLines();
    return atEnd ? conclude() : Status();
}

JsonDecoder::Moved JsonDecoder::step(bool atEnd)
{
    const char *const at = m_lexer.skipBlanks(m_window.at(m_at));
    consume(at);
    if (m_state == State::After && m_stack.isEmpty())
        m_state = State::End;
    if (m_state == State::End)
        return settleAtEnd(atEnd);
    if (at >= m_window.end())
        return false;
    switch (m_state) {
    case State::FirstKey:
        if (*at == '}')
            return closeContainer(at);
        [[fallthrough]];
    case State::Key:
        return takeKey(at, atEnd);
    case State::FirstElement:
        if (*at == ']')
            return closeContainer(at);
        m_stack.top().count = 1;
        m_state = State::Value;
        return takeValue(at, atEnd);
    case State::After:
        return afterValue(at);
    default:
        return takeValue(at, atEnd);
    }
}

JsonDecoder::Moved JsonDecoder::takeKey(const char *at, bool atEnd)
{
    if (!atEnd && !m_partial.isWorthReading(m_window, m_at))
        return false;
    if (*at != '"')
        return faulty({ErrorCode::SyntaxError, at, "a key is missing"}, atEnd);
    bool escaped = false;
    const char *const close = m_lexer.string(at + 1, escaped);
    const char *const next = close == nullptr ? nullptr : m_lexer.colon(close + 1);
    if (next == nullptr)
        return faulty(m_lexer.fault(), atEnd);
    if (isTooLarge(next - at))
        return faulty({.at = next}, atEnd);
    m_partial.stop();
    JsonFrame &frame = m_stack.top();
    frame.key.clear();
    unescapeJson(between(at + 1, close), frame.key);
    if (frame.count++ == 0)
        frame.firstKey = frame.key;
    consume(next);
    m_state = State::Value;
    return true;
}

JsonDecoder::Moved JsonDecoder::takeValue(const char *at, bool atEnd)
{
    const Verdict verdict = judge(at, atEnd);
    if (verdict.needsMore)
        return false;
    if (verdict.rows)
        return beginRows(at, *verdict.rows);
    if (*at == '{' || *at == '[')
        return openContainer(at);
    return takeScalar(at, atEnd);
}

JsonDecoder::Moved JsonDecoder::takeScalar(const char *at, bool atEnd)
{
    if (!atEnd && !m_partial.isWorthReading(m_window, m_at))
        return false;
    const char *const next = m_lexer.scalar(at);
    if (next == nullptr)
        return faulty(m_lexer.fault(), atEnd);
    if (isTooLarge(next - at) || (next >= m_window.end() && !atEnd))
        return faulty({.at = next}, atEnd);
    m_partial.stop();
    if (m_stack.isBesideRows())
        m_envelope.addScalar(m_stack.path(), between(at, next));
    consume(next);
    m_state = State::After;
    return true;
}

JsonDecoder::Moved JsonDecoder::openContainer(const char *at)
{
    if (m_stack.depth() >= m_options.limits.nestingDepth)
        return fail(errorAt(ErrorCode::NestingTooDeep, "nested too deep", at));
    JsonFrame frame;
    frame.isArray = *at == '[';
    frame.mayHoldRows = m_stack.mayHoldRows() && m_stack.depth() < kSearchDepth;
    frame.isCaptured = m_stack.isBesideRows();
    frame.matched = m_wanted ? m_stack.matchedBy(m_wanted->steps) : -1;
    frame.start = m_at;
    if (frame.isCaptured)
        m_envelope.open(m_stack.path());
    consume(at + 1);
    m_state = frame.isArray ? State::FirstElement : State::FirstKey;
    m_stack.push(std::move(frame));
    return true;
}

JsonDecoder::Moved JsonDecoder::closeContainer(const char *at)
{
    consume(at + 1);
    const JsonFrame &frame = m_stack.top();
    if (frame.isCaptured)
        m_envelope.close();
    if (!frame.isArray && m_search == Search::Open)
        judgeClosedObject(frame);
    m_stack.pop();
    m_state = State::After;
    return true;
}

JsonDecoder::Moved JsonDecoder::afterValue(const char *at)
{
    JsonFrame &frame = m_stack.top();
    if (*at == (frame.isArray ? ']' : '}'))
        return closeContainer(at);
    if (*at != ',')
        return fail(errorAt(ErrorCode::SyntaxError,
                            frame.isArray ? "',' or ']' is missing" : "',' or '}' is missing", at));
    consume(at + 1);
    frame.count += frame.isArray ? 1 : 0;
    m_state = frame.isArray ? State::Value : State::Key;
    return true;
}

/// A token is not valid, or not whole yet.
JsonDecoder::Moved JsonDecoder::faulty(const JsonFault &fault, bool atEnd)
{
    if (isTooLarge(fault.proof - m_window.at(m_at)))
        return fail(errorAt(ErrorCode::RowTooLarge, "a key or value is larger than a row may be",
                            m_window.at(m_at)));
    if (fault.at < m_window.end())
        return fail(errorAt(fault.code, fault.reason, fault.at));
    if (!atEnd)
        m_partial.wait(m_window, m_at);
    return false;
}

bool JsonDecoder::isTooLarge(std::int64_t size) const
{
    return size > m_options.limits.rowBytes.value();
}

/// The input is over and as much of it is taken as can be.
Status JsonDecoder::conclude()
{
    FRESHET_TRY(m_intake.finish());
    if (m_state == State::End) {
        m_isFinished = true;
        return {};
    }
    const bool isEmpty = m_stack.isEmpty() && m_state == State::Value &&
                         m_at == m_window.endOffset() && !m_rowsClosed;
    if (isEmpty)
        return fail(ErrorCode::RowsNotFound, "the body is empty: no document, no rows");
    if (const auto &report = m_output.lastWord())
        return fail(*report);
    Error error =
        errorAt(ErrorCode::Truncated, "the document ends before it is complete", m_window.end());
    if (m_rowsClosed)
        error.detail += ", behind its rows";
    else if (!m_rowsAt.empty())
        error.detail += ", inside its rows";
    return fail(std::move(error));
}

void JsonDecoder::consume(const char *to)
{
    if (m_envelope.isOpen())
        m_envelope.append(between(m_window.at(m_at), to));
    m_at = m_window.offsetOf(to);
}

/// Count the line ends that are about to leave the window.
void JsonDecoder::countLines()
{
    const std::int64_t upTo = neededFrom();
    if (upTo <= m_countedTo)
        return;
    const char *at = m_window.at(m_countedTo);
    const char *const end = m_window.at(upTo);
    while ((at = static_cast<const char *>(
                std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) != nullptr) {
        ++m_line;
        ++at;
    }
    m_countedTo = upTo;
}

Error JsonDecoder::errorAt(ErrorCode code, std::string_view reason, const char *place) const
{
    const std::int64_t offset = m_window.offsetOf(place);
    Error error{.code = code,
                .detail = std::string(reason),
                .byteOffset = ByteOffset(offset),
                .line = m_line};
    const char *const counted = m_window.at(std::max(m_countedTo, m_window.firstOffset()));
    if (place > counted)
        error.line = m_line + std::count(counted, place, '\n');
    const char *const first = std::max(m_window.at(m_window.firstOffset()), place - 64);
    error.excerpt = excerptAround(between(first, m_window.end()), place - first);
    return error;
}

} // namespace freshet::decode
