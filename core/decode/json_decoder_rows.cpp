// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the rows, once it is known where they are.
#include "decode/failure_report.h"
#include "decode/foreign_content.h"
#include "decode/json_decoder.h"
#include "decode/json_place.h"

#include <algorithm>

namespace freshet::decode {

namespace {

constexpr std::string_view kKeyColumn = "_key";

} // namespace

JsonDecoder::Moved JsonDecoder::beginRows(const char *at, RowsShape shape)
{
    RowsPath path = m_wanted ? *m_wanted : m_stack.rowsPath();
    static const std::vector<RowsStep> kHits = {{.name = "hits"}, {.name = "hits"}};
    if (!m_wanted && path.steps == kHits) {
        path.inner = {"_source"};
        m_intake.row().spread(path.inner);
    }
    m_rowsAt = path.toString();
    m_shape = shape;
    if (m_search != Search::Wanted) {
        m_search = Search::Settled;
        m_rowsOffset = m_at;
    }
    m_envelope.dropOpen();
    auto names = columnNamesFrom(m_envelope, m_rowsAt);
    if (names.empty())
        names = m_options.columnNames;
    if (!names.empty())
        m_intake.setColumnNames(std::move(names));
    if (shape == RowsShape::Columns)
        return takeColumns(at);
    if (shape == RowsShape::Single) {
        m_state = State::Row;
        return true;
    }
    JsonFrame frame;
    frame.isArray = shape == RowsShape::Elements;
    frame.mayHoldRows = false;
    frame.start = m_at;
    m_stack.push(std::move(frame));
    m_at = m_window.offsetOf(at + 1);
    m_state = State::FirstRow;
    return true;
}

JsonDecoder::Moved JsonDecoder::stepRows(bool atEnd)
{
    if (m_state == State::SkippedRow)
        return skipBadRow(atEnd);
    const char close = m_shape == RowsShape::Keyed ? '}' : ']';
    for (;;) {
        const char *const at = m_lexer.skipBlanks(m_window.at(m_at));
        m_at = m_window.offsetOf(at);
        if (at >= m_window.end())
            return false;
        if (m_state == State::AfterRow) {
            if (*at == close)
                return endRows(at);
            if (*at != ',')
                return giveUpAt(at, "',' or the end of the rows is missing", atEnd);
            ++m_at;
            m_state = State::Row;
            continue;
        }
        if (m_state == State::FirstRow && *at == close)
            return endRows(at);
        const Moved taken = takeRow(at, atEnd);
        if (!taken || !*taken || (m_state != State::AfterRow && m_state != State::Row))
            return taken;
    }
}

JsonDecoder::Moved JsonDecoder::takeRow(const char *at, bool atEnd)
{
    if (!atEnd && !m_partial.isWorthReading(m_window, m_at))
        return false;
    FRESHET_TRY(m_intake.beforeValue(*at));
    const char *next = readRow(at);
    if (next == nullptr)
        return takeBadRow(at, m_rowFault, atEnd);
    const bool isBracketed = next[-1] == '}' || next[-1] == ']' || next[-1] == '"';
    if (next >= m_window.end() && !isBracketed && !atEnd) {
        // More digits may follow.
        m_intake.row().drop();
        return takeBadRow(at, {.at = next}, atEnd);
    }
    if (isTooLarge(next - at)) {
        m_intake.row().drop();
        return takeBadRow(at, rowTooLarge(at), atEnd);
    }
    m_partial.stop();
    if (m_isFirstRow) {
        m_isFirstRow = false;
        next = readCells(at, next);
    }
    const std::int64_t after = m_window.offsetOf(next);
    FRESHET_TRY(m_intake.take({at, next, m_window.end(), m_stack.depth(), after, 0}));
    m_at = after;
    m_state = State::AfterRow;
    if (m_shape == RowsShape::Single) {
        m_rowsClosed = true;
        m_rowsClosedAt = after;
        m_state = State::After;
    }
    return true;
}

const char *JsonDecoder::readRow(const char *at)
{
    if (m_shape == RowsShape::Keyed)
        return readKeyedRow(at);
    const char *const next = m_intake.row().read(at, m_window.end(), m_stack.depth(), false);
    if (next == nullptr)
        m_rowFault = m_intake.row().fault();
    return next;
}

const char *JsonDecoder::readKeyedRow(const char *at)
{
    const char *const value = m_lexer.key(at);
    if (value == nullptr || value >= m_window.end()) {
        m_rowFault = value == nullptr ? m_lexer.fault() : JsonFault{.at = value};
        return nullptr;
    }
    bool escaped = false;
    const char *const close = m_lexer.string(at + 1, escaped);
    std::string key;
    unescapeJson(between(at + 1, close), key);
    const char *const next =
        m_intake.row().readKeyed(kKeyColumn, key, value, m_window.end(), m_stack.depth());
    if (next == nullptr)
        m_rowFault = m_intake.row().fault();
    return next;
}

/// The first row, open from `at` to `next`, is read anew as cells if it has BigQuery's shape.
const char *JsonDecoder::readCells(const char *at, const char *next)
{
    std::string start;
    for (const char *place = at; place < next && start.size() < 11; ++place) {
        if (static_cast<unsigned char>(*place) > ' ')
            start += *place;
    }
    if (start != R"({"f":[{"v":)" || m_wanted)
        return next;
    JsonRow &row = m_intake.row();
    row.drop();
    row.setKind(JsonRow::Kind::Cells);
    if (const char *const again = row.read(at, m_window.end(), m_stack.depth(), false)) {
        m_rowsAt += "[*].f[*].v";
        return again;
    }
    row.setKind(JsonRow::Kind::Plain);
    return row.read(at, m_window.end(), m_stack.depth(), false);
}

JsonDecoder::Moved JsonDecoder::takeBadRow(const char *at, JsonFault fault, bool atEnd)
{
    if (isTooLarge(fault.proof - at)) {
        fault = rowTooLarge(at);
    } else if (fault.at >= m_window.end()) {
        if (!atEnd)
            m_partial.wait(m_window, m_at);
        return false; // conclude() says that the document is cut
    }
    m_partial.stop();
    Error error = errorAt(fault.code, fault.reason, fault.at);
    // Where no value starts, there is none to step over.
    static constexpr std::string_view kNoStart = ",:]}";
    if (m_shape != RowsShape::Elements || kNoStart.find(*at) != std::string_view::npos)
        return fail(std::move(error));
    m_badRow = BadRow{.error = std::move(error), .start = m_at, .text = {}, .boundary = {}};
    m_badRow->boundary.start(m_at);
    m_state = State::SkippedRow;
    return true;
}

/// Step over a bad row as long as its brackets tell where it ends.
JsonDecoder::Moved JsonDecoder::skipBadRow(bool atEnd)
{
    ValueBoundary &boundary = m_badRow->boundary;
    const char *const from = m_window.at(m_at);
    const std::int64_t most = RowOutput::mostSkipped(m_options.limits);
    const std::int64_t left = m_badRow->start + most - m_at;
    const bool isFar = m_window.end() - from > left;
    const auto state = boundary.scan(from, isFar ? from + left : m_window.end());
    m_at = boundary.offset();
    std::string &text = m_badRow->text;
    text.append(from, std::min(static_cast<std::size_t>(m_window.at(m_at) - from),
                               RowOutput::kMaxRawText - text.size()));
    if (state == ValueBoundary::State::Lost || (state == ValueBoundary::State::Open && atEnd))
        return giveUp(std::move(m_badRow->error), text, m_badRow->start);
    if (state == ValueBoundary::State::Open && isFar)
        return fail(endless(std::move(m_badRow->error), most));
    if (state == ValueBoundary::State::Open)
        return false;
    Error error = std::move(m_badRow->error);
    error.excerpt = excerptAround(text, error.byteOffset->value() - m_badRow->start);
    FRESHET_TRY(m_output.reject(std::move(error), text));
    m_badRow.reset();
    m_state = State::AfterRow;
    if (!m_intake.isHolding())
        m_output.moveTo(m_at);
    return true;
}

/// What stands at `at`, behind a row or the document, does not belong there.
JsonDecoder::Moved JsonDecoder::giveUpAt(const char *at, std::string_view reason, bool atEnd)
{
    constexpr std::size_t kOpening = 1024; // tells whose words these are
    const std::string_view text = between(at, m_window.end()).substr(0, kOpening);
    if (!atEnd && text.size() < kOpening)
        return false;
    return giveUp(errorAt(ErrorCode::SyntaxError, reason, at), text, m_at);
}

/// The rows cannot be followed any further because of `text`, which begins at stream offset
/// `start`. If it is a failing server's report, it is kept with the bad rows, and the error.
JsonDecoder::Moved JsonDecoder::giveUp(Error error, std::string_view text, std::int64_t start)
{
    if (!m_output.lastWord() && (!failureReport(text).empty() || readsLikeFailure(text))) {
        error.excerpt = excerptAround(text, error.byteOffset->value() - start);
        FRESHET_TRY(m_output.reject(error, text));
    }
    if (const auto &report = m_output.lastWord())
        return fail(*report);
    return fail(std::move(error));
}

JsonDecoder::Moved JsonDecoder::endRows(const char *at)
{
    FRESHET_TRY(m_intake.finish());
    m_rowsClosed = true;
    m_rowsClosedAt = m_at;
    m_at = m_window.offsetOf(at + 1);
    m_stack.pop();
    m_state = State::After;
    return true;
}

/// An object of arrays, whole in the window and checked: element i of each is row i.
JsonDecoder::Moved JsonDecoder::takeColumns(const char *at)
{
    std::vector<std::string> names;
    std::vector<const char *> cursors;
    bool escaped = false;
    for (at = m_lexer.skipBlanks(at + 1);;) {
        const char *const close = m_lexer.string(at + 1, escaped);
        unescapeJson(between(at + 1, close), names.emplace_back());
        const char *const array = m_lexer.key(at);
        cursors.push_back(m_lexer.skipBlanks(array + 1));
        at = m_lexer.skipBlanks(m_lexer.value(array, 1));
        if (*at == '}')
            break;
        at = m_lexer.skipBlanks(at + 1);
    }
    const std::int64_t after = m_window.offsetOf(at + 1);
    for (bool more = true; more;) {
        std::vector<std::string_view> values;
        for (const char *&cursor : cursors) {
            const char *const end = m_lexer.value(cursor, 2);
            values.push_back(between(cursor, end));
            cursor = m_lexer.skipBlanks(end);
            more = *cursor == ',';
            cursor = m_lexer.skipBlanks(cursor + 1);
        }
        if (!m_intake.row().readColumns(names, values, m_window.end()))
            return fail(errorAt(m_intake.row().fault().code, m_intake.row().fault().reason, at));
        FRESHET_TRY(m_output.endRow(m_at));
    }
    m_output.moveTo(after);
    m_rowsClosed = true;
    m_rowsClosedAt = after - 1;
    m_at = after;
    m_state = State::After;
    return true;
}

/// The document proved to be NDJSON: its decoder takes everything from the start.
Status JsonDecoder::followDelegate(bool atEnd)
{
    const std::string_view bytes = between(m_window.at(m_at), m_window.end());
    m_at = m_window.endOffset();
    const Status fed = m_delegate->feed(bytes);
    const Status done = !fed || !atEnd    ? fed
                        : isEndUnproven() ? m_delegate->finishUnproven()
                                          : m_delegate->finish();
    m_output.moveTo(m_delegate->position().value());
    return done;
}

} // namespace freshet::decode
