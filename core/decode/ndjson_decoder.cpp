// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ndjson_decoder.h"

#include "decode/failure_report.h"
#include "decode/json_place.h"
#include "decode/rows_path.h"

#include <algorithm>
#include <cstring>

namespace freshet::decode {

namespace {

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

/// The place after `{"key":` at `at`, or nullptr.
const char *afterOnlyKey(const char *at, std::string_view key)
{
    const auto blanks = [](const char *place) {
        while (*place == ' ' || *place == '\t')
            ++place;
        return place;
    };
    if (*at != '{')
        return nullptr;
    at = blanks(at + 1);
    if (std::strncmp(at, key.data(), key.size()) != 0)
        return nullptr;
    at = blanks(at + key.size());
    return *at == ':' ? blanks(at + 1) : nullptr;
}

constexpr std::string_view kRowKey = "\"row\"";
constexpr std::string_view kProgressKey = "\"progress\"";
constexpr std::string_view kExceptionKey = "\"exception\"";

} // namespace

Result<std::unique_ptr<RowDecoder>> makeNdjsonDecoder(const DecodeOptions &options,
                                                      DecodeOutputs outputs)
{
    auto inner = membersToRow(options.rowsAt);
    if (!inner)
        return fail(std::move(inner).error());
    return std::make_unique<NdjsonDecoder>(options, std::move(*inner), outputs);
}

NdjsonDecoder::NdjsonDecoder(const DecodeOptions &options, std::vector<std::string> inner,
                             DecodeOutputs outputs)
    : WindowedDecoder(outputs),
      m_options(options),
      m_inner(std::move(inner)),
      m_intake(options, outputs, m_output)
{
    restart();
}

void NdjsonDecoder::restart()
{
    m_intake.reset();
    m_intake.row().spread(m_inner);
    m_layout = Layout::Unknown;
    m_wrapping = m_inner.empty() ? Wrapping::Unknown : Wrapping::None;
    m_line = 1;
    m_wasCarriageReturn = false;
    m_lineEnd = m_searchedTo = 0;
    m_partial.stop();
    m_skipping.reset();
    m_progress.clear();
}

DecodeFindings NdjsonDecoder::findings() const
{
    DecodeFindings findings{.format = Format::Ndjson, .lastWord = m_output.lastWord()};
    findings.rowsAt = m_wrapping == Wrapping::Row ? "$.row" : "$";
    for (const std::string &name : m_inner)
        appendMember(findings.rowsAt, name);
    findings.notes = m_intake.notes();
    if (!m_progress.empty())
        findings.envelope.emplace("$.progress", m_progress);
    return findings;
}

Status NdjsonDecoder::decode(bool atEnd)
{
    if (!passByteOrderMark(atEnd))
        return {};
    for (;;) {
        if (m_skipping) {
            const Result<bool> done = skip(atEnd);
            if (!done)
                return fail(done.error());
            if (!*done)
                return {};
        }
        const Result<Took> took = takeValue(atEnd);
        if (!took)
            return fail(took.error());
        if (*took == Took::Nothing && !m_skipping)
            break;
    }
    return atEnd ? m_intake.finish() : Status();
}

/// Where values can be read up to: in Lines only whole lines are looked at, which are found by
/// their last line end, so that no row is begun that cannot be finished. A line longer than a row
/// may be is looked at before its end is there: it may hold many rows.
const char *NdjsonDecoder::usableEnd(bool atEnd)
{
    if (m_layout != Layout::Lines || atEnd)
        return m_window.end();
    const std::int64_t from = std::max(m_searchedTo, m_at);
    const char *const first = m_window.at(from);
    const char *last = first;
    for (const char c : {'\n', '\r'}) {
        const auto size = static_cast<std::size_t>(m_window.end() - last);
        if (const void *found = size == 0 ? nullptr : memrchr(last, c, size))
            last = static_cast<const char *>(found) + 1;
    }
    if (last != first)
        m_lineEnd = m_window.offsetOf(last);
    m_searchedTo = m_window.endOffset();
    const std::int64_t usable = std::max(m_lineEnd, m_at);
    return isTooLarge(m_window.endOffset() - usable) ? m_window.end() : m_window.at(usable);
}

bool NdjsonDecoder::isTooLarge(std::int64_t size) const
{
    return size > m_options.limits.rowBytes.value();
}

void NdjsonDecoder::passBlanks(const char *limit)
{
    const char *at = m_window.at(m_at);
    for (; at < limit; ++at) {
        if (isLineEnd(*at)) {
            // CR LF is one line end.
            if (*at == '\r' || !m_wasCarriageReturn)
                ++m_line;
            m_wasCarriageReturn = *at == '\r';
            continue;
        }
        m_wasCarriageReturn = false;
        static constexpr char kRecordSeparator = '\x1E';
        if (*at != ' ' && *at != '\t' && *at != kRecordSeparator)
            break;
    }
    m_at = m_window.offsetOf(at);
    if (!m_intake.isHolding())
        m_output.moveTo(m_at);
}

Result<NdjsonDecoder::Took> NdjsonDecoder::takeValue(bool atEnd)
{
    const char *const limit = usableEnd(atEnd);
    passBlanks(limit);
    const char *const at = m_window.at(m_at);
    if (at >= limit)
        return Took::Nothing;
    if (m_layout != Layout::Lines && !atEnd && !m_partial.isWorthReading(m_window, m_at))
        return Took::Nothing;
    FRESHET_TRY(m_intake.beforeValue(*at));
    const char *const next = readRow(at);
    if (next == nullptr)
        return takeFailed(at, m_intake.row().fault(), atEnd);
    const char *follow = next;
    while (*follow == ' ' || *follow == '\t')
        ++follow;
    if (isTooLarge(follow - at)) {
        m_intake.row().drop();
        return takeFailed(at, rowTooLarge(at), atEnd);
    }
    if (follow >= m_window.end() && !atEnd) {
        m_intake.row().drop();
        return wait();
    }
    if (!endsWell(at, follow)) {
        m_intake.row().drop();
        return takeFailed(at, {ErrorCode::SyntaxError, follow, "unexpected text after the value"},
                          atEnd);
    }
    if (*at == '{' && mayBeLastWord(at, next)) [[unlikely]] {
        m_intake.row().drop();
        if (!atEnd)
            return m_layout == Layout::Lines ? Took::Nothing : wait();
        const Result<bool> isTaken = takeLastWord(at, next);
        if (!isTaken)
            return fail(isTaken.error());
        if (*isTaken)
            return Took::Value;
        readRow(at);
    }
    const bool mayGoOn = *at == '-' || (*at >= '0' && *at <= '9');
    if (mayGoOn && atEnd && isEndUnproven() && follow >= m_window.end()) {
        m_intake.row().drop();
        return fail(rejectOpenEnd(between(at, next)));
    }
    return takeWhole(at, next, follow);
}

/// Whether the value from `at` to `next` reads like the report of a failure, with nothing behind it
/// so far.
bool NdjsonDecoder::mayBeLastWord(const char *at, const char *next) const
{
    const auto isBlank = [](char c) {
        return isLineEnd(c) || c == ' ' || c == '\t';
    };
    return std::find_if_not(next, m_window.end(), isBlank) == m_window.end() &&
           mayOpenFailure(at) && failureObjectIn(between(at, next));
}

/// Nothing follows such a value. Output: whether it is none of the rows, and dealt with.
Result<bool> NdjsonDecoder::takeLastWord(const char *at, const char *next)
{
    const auto report = failureObjectIn(between(at, next));
    const Result<bool> isForeign = m_output.isForeign(*report);
    if (!isForeign || !*isForeign)
        return isForeign;
    Error error = inBandError(at, next, "the last line reports a failure in place of a row");
    FRESHET_TRY(m_output.reject(std::move(error), between(at, next)));
    m_partial.stop();
    m_at = m_window.offsetOf(next);
    m_line += countLineEnds(between(at, next));
    return true;
}

/// Nothing ends the number `text` but the close of a connection.
Error NdjsonDecoder::rejectOpenEnd(std::string_view text)
{
    const Status rejected = m_output.rejectCut({.code = ErrorCode::Truncated,
                                                .detail = std::string(kOpenEnd),
                                                .byteOffset = ByteOffset(m_at),
                                                .line = m_line,
                                                .excerpt = Error::excerptOf(text)},
                                               text);
    return rejected.error();
}

Error NdjsonDecoder::inBandError(const char *at, const char *next, std::string detail) const
{
    return {.code = ErrorCode::InBandError,
            .detail = std::move(detail),
            .byteOffset = ByteOffset(m_window.offsetOf(at)),
            .line = m_line,
            .excerpt = Error::excerptOf(between(at, next))};
}

const char *NdjsonDecoder::readRow(const char *at)
{
    if (m_wrapping == Wrapping::Row && afterOnlyKey(at, kRowKey) != nullptr)
        return readWrapped(at);
    return m_intake.row().read(at, m_window.end(), 0, m_layout == Layout::Lines);
}

/// `{"row":{…}}`: the inner object is the row.
const char *NdjsonDecoder::readWrapped(const char *at)
{
    return m_intake.row().readInside(afterOnlyKey(at, kRowKey), m_window.end(),
                                     m_layout == Layout::Lines);
}

bool NdjsonDecoder::endsWell(const char *value, const char *follow) const
{
    if (follow >= m_window.end() || isLineEnd(*follow))
        return true;
    return (*value == '{' || *value == '[') && (*follow == '{' || *follow == '[');
}

/// A valid value from `at` to `next` is open in the builder; `follow` is the text behind it.
Result<NdjsonDecoder::Took> NdjsonDecoder::takeWhole(const char *at, const char *next,
                                                     const char *follow)
{
    const std::int64_t after = m_window.offsetOf(follow);
    m_partial.stop();
    if (m_layout != Layout::Lines) {
        const std::int64_t lines = countLineEnds(between(at, next));
        if (m_layout == Layout::Unknown && follow < m_window.end())
            m_layout = lines == 0 && isLineEnd(*follow) ? Layout::Lines : Layout::Values;
        m_line += lines;
    }
    m_at = after;
    if (*at == '{' && m_wrapping != Wrapping::None) {
        const Result<bool> aside = takeAside(at, next, after);
        if (!aside)
            return fail(aside.error());
        if (*aside)
            return Took::Value;
    }
    FRESHET_TRY(m_intake.take({at, next, m_window.end(), 0, after, m_line}));
    return Took::Value;
}

/// ClickHouse's lines beside the rows. Output: whether the open row was one and is dealt with.
Result<bool> NdjsonDecoder::takeAside(const char *at, const char *next, std::int64_t after)
{
    if (m_wrapping == Wrapping::Unknown) {
        const char *const inner = afterOnlyKey(at, kRowKey);
        m_wrapping = Wrapping::None;
        if (inner == nullptr || *inner != '{')
            return false;
        m_intake.row().drop();
        if (readWrapped(at) != nullptr) {
            m_wrapping = Wrapping::Row;
            return false;
        }
        // More beside "row": an ordinary object after all.
        FRESHET_TRY(takeAsObject({at, next, m_window.end(), 0, after, m_line}));
        return true;
    }
    if (afterOnlyKey(at, kProgressKey) != nullptr) {
        m_intake.row().drop();
        m_progress = between(afterOnlyKey(at, kProgressKey), next - 1);
        m_progress.resize(std::min(m_progress.size(), RowOutput::kMaxRawText));
        m_output.moveTo(after);
        return true;
    }
    if (afterOnlyKey(at, kExceptionKey) != nullptr) {
        m_intake.row().drop();
        Error error = inBandError(at, next, "the server reports an exception in place of a row");
        FRESHET_TRY(m_output.reject(error, between(at, next)));
        return fail(std::move(error));
    }
    return false;
}

Status NdjsonDecoder::takeAsObject(const RowPlace &place)
{
    return readRow(place.at) != nullptr ? m_output.endRow(place.after)
                                        : m_intake.rejectWhole(place);
}

Result<NdjsonDecoder::Took> NdjsonDecoder::takeFailed(const char *at, JsonFault fault, bool atEnd)
{
    const bool isIncomplete = fault.at >= m_window.end();
    if (isTooLarge(fault.proof - at)) {
        fault = rowTooLarge(at);
    } else if (isIncomplete && !atEnd) {
        return wait();
    } else if (isIncomplete) {
        FRESHET_TRY(m_intake.finish());
        Error error{.code = ErrorCode::Truncated,
                    .detail = "the input ends inside the last row",
                    .byteOffset = ByteOffset(m_at),
                    .line = m_line};
        error.excerpt = Error::excerptOf(between(at, m_window.end()));
        return fail(std::move(error));
    }
    startSkipping(at, fault);
    return Took::Value;
}

NdjsonDecoder::Took NdjsonDecoder::wait()
{
    m_partial.wait(m_window, m_at);
    return Took::Nothing;
}

void NdjsonDecoder::startSkipping(const char *at, JsonFault fault)
{
    m_partial.stop();
    // The first value may spread over lines; if it proves bad further down, only its first line is
    // given up, and that line is bad because it ends.
    const char *const lineEnd = std::find_if(at, fault.at, isLineEnd);
    if (m_layout == Layout::Unknown && lineEnd != fault.at)
        fault = {ErrorCode::SyntaxError, lineEnd, "the line ends inside a value"};
    Error error{.code = fault.code,
                .detail = fault.reason,
                .byteOffset = ByteOffset(m_window.offsetOf(fault.at)),
                .line = m_line + countLineEnds(between(at, fault.at))};
    m_skipping = Skipping{.error = std::move(error), .text = {}, .start = m_at};
}

Result<bool> NdjsonDecoder::skip(bool atEnd)
{
    const char *at = m_window.at(m_at);
    const char *end = m_window.end();
    const char *const first = at;
    const std::int64_t most = RowOutput::mostSkipped(m_options.limits);
    const std::int64_t left = m_skipping->start + most - m_at;
    const bool isFar = end - at > left;
    if (isFar)
        end = at + left;
    else if (!atEnd && end > at && end[-1] == '\r' && m_layout == Layout::Values)
        --end; // it counts as one line end with the LF that may follow
    bool done = false;
    for (; at < end && !done; at += done ? 0 : 1) {
        const bool opens = *at == '{' || *at == '[';
        done = m_layout == Layout::Values ? m_skipping->isLineStart && opens : isLineEnd(*at);
        m_skipping->isLineStart = isLineEnd(*at);
    }
    m_line += countLineEnds(between(first, at));
    m_at = m_window.offsetOf(at);
    std::string &text = m_skipping->text;
    text.append(first, std::min(static_cast<std::size_t>(at - first),
                                RowOutput::kMaxRawText - text.size()));
    if (!done && isFar)
        return fail(endless(std::move(m_skipping->error), most));
    if (!done && !atEnd)
        return false;
    while (!text.empty() && isLineEnd(text.back()))
        text.pop_back();
    Error error = std::move(m_skipping->error);
    error.excerpt = excerptAround(text, error.byteOffset->value() - m_skipping->start);
    const std::string rawText = std::move(text);
    m_skipping.reset();
    FRESHET_TRY(m_output.reject(std::move(error), rawText));
    if (!m_intake.isHolding())
        m_output.moveTo(m_at);
    return true;
}

} // namespace freshet::decode
