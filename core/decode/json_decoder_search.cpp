// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Where in the document the rows are.
#include "decode/failure_report.h"
#include "decode/json_decoder.h"
#include "decode/rows_rules.h"

#include <algorithm>

namespace freshet::decode {

namespace {

constexpr std::size_t kMaxArraysNamed = 8;

bool isCertainReport(std::string_view document)
{
    const auto report = failureObjectIn(document);
    return report && report->isCertain;
}

} // namespace

/// Whether the value at `at`, the one to be taken next, has the rows.
JsonDecoder::Verdict JsonDecoder::judge(const char *at, bool atEnd)
{
    const bool isArray = *at == '[';
    switch (m_search) {
    case Search::Wanted:
        if (isArray && m_stack.mayHoldRows() && m_arraysSeen.size() < kMaxArraysNamed)
            m_arraysSeen.push_back(m_stack.path());
        if (m_stack.matchedBy(m_wanted->steps) != static_cast<int>(m_wanted->steps.size()))
            return {};
        return {.rows = isArray ? RowsShape::Elements : RowsShape::Single};
    case Search::Settled:
        if (m_window.offsetOf(at) == m_rowsOffset)
            return {.rows = m_shape};
        return {};
    case Search::Open:
    case Search::Late:
        break;
    }
    if (isArray && m_stack.mayHoldRows() && m_stack.depth() <= kSearchDepth)
        return judgeArray(at, atEnd);
    if (m_search == Search::Open && m_stack.isEmpty()) {
        m_rootStart = snapshot();
        if (*at != '{')
            return {.rows = RowsShape::Single};
    }
    if (!m_dataStart && m_search == Search::Open && *at == '{' && m_stack.depth() == 1 &&
        m_stack.key() == "data")
        m_dataStart = snapshot();
    return {};
}

JsonDecoder::Verdict JsonDecoder::judgeArray(const char *at, bool atEnd)
{
    const char *const element = m_lexer.skipBlanks(at + 1);
    if (element >= m_window.end() && !atEnd)
        return {.needsMore = true};
    if (m_stack.isEmpty())
        return judgeRootArray(at, element, atEnd);
    if (m_arraysSeen.size() < kMaxArraysNamed)
        m_arraysSeen.push_back(m_stack.path());
    const bool known = isRowsName(m_stack.key());
    const bool ofContainers = *element == '{' || *element == '[';
    if ((known && (ofContainers || *element == ']')) || (m_search == Search::Late && ofContainers))
        return {.rows = RowsShape::Elements};
    using Rank = RowsCandidate::Rank;
    const bool isEmptyPage = m_options.isPage && *element == ']';
    if (m_search == Search::Open && (ofContainers || known || isEmptyPage)) {
        const Rank rank = *element == '{'   ? Rank::Objects
                          : *element == '[' ? Rank::Arrays
                                            : Rank::KnownScalars;
        if (rank > m_candidate.rank)
            consider(rank, RowsShape::Elements, snapshot());
    }
    return {};
}

/// A top-level array is the rows, unless it starts like an error report: then it is read to its end
/// first.
JsonDecoder::Verdict JsonDecoder::judgeRootArray(const char *at, const char *element, bool atEnd)
{
    if (m_search != Search::Open)
        return {.rows = RowsShape::Elements};
    m_rootStart = snapshot();
    if (*element == '{') {
        const char *const key = m_lexer.skipBlanks(element + 1);
        bool escaped = false;
        const char *const close = *key == '"' ? m_lexer.string(key + 1, escaped) : nullptr;
        const bool mayContinue =
            key >= m_window.end() || (*key == '"' && close == nullptr && m_lexer.isIncomplete());
        if (mayContinue && !atEnd && m_window.end() - at < kSearchBytes)
            return {.needsMore = true};
        m_isErrorLikely =
            close != nullptr && isErrorName({key + 1, static_cast<std::size_t>(close - key - 1)});
    }
    if (!m_isErrorLikely)
        return {.rows = RowsShape::Elements};
    consider(RowsCandidate::Rank::Objects, RowsShape::Elements, m_rootStart);
    return {};
}

/// An object whose members are all equally long arrays, or all objects alike, is a table too.
void JsonDecoder::judgeClosedObject(const JsonFrame &frame)
{
    using Rank = RowsCandidate::Rank;
    const bool isRoot = frame.start == m_rootStart.at;
    const bool isData =
        m_dataStart && frame.start == m_dataStart->at && !m_envelope.at("$.meta").empty();
    const bool isColumns = frame.arrays == frame.count && frame.innerCount >= 1;
    if (isColumns && ((isRoot && frame.count >= 2) || isData))
        consider(Rank::Columns, RowsShape::Columns, isRoot ? m_rootStart : *m_dataStart);
    if (isRoot && frame.count >= 2 && frame.objects == frame.count && frame.sameFirstKey)
        consider(Rank::Keyed, RowsShape::Keyed, m_rootStart);
}

void JsonDecoder::consider(RowsCandidate::Rank rank, RowsShape shape, const Snapshot &start)
{
    if (rank <= m_candidate.rank)
        return;
    m_candidate = {rank, shape};
    m_candidateStart = start;
}

JsonDecoder::Snapshot JsonDecoder::snapshot() const
{
    return {m_at, m_stack, m_envelope};
}

/// Go back to where the rows start; the next value taken is theirs.
void JsonDecoder::settleOn(const Snapshot &start, RowsShape shape)
{
    m_search = Search::Settled;
    m_rowsOffset = start.at;
    m_shape = shape;
    m_at = start.at;
    m_stack = start.stack;
    m_envelope = start.envelope;
    m_state = State::Value;
    m_partial.stop();
}

/// Do not keep the document for ever.
void JsonDecoder::limitSearch()
{
    if (m_search != Search::Open || m_at <= kSearchBytes || m_stack.isEmpty())
        return;
    if (m_candidate.rank != RowsCandidate::Rank::None) {
        settleOn(Snapshot(m_candidateStart), m_candidate.shape);
        return;
    }
    JsonStack above = m_stack;
    while (above.depth() > 1)
        above.pop();
    const JsonFrame &root = above.top();
    if (!root.isArray && root.objects >= 2 && root.arrays == 0 && root.sameFirstKey)
        settleOn(Snapshot(m_rootStart), RowsShape::Keyed);
    else
        m_search = Search::Late;
}

/// The document is over; what follows must be nothing, or show that it was NDJSON.
JsonDecoder::Moved JsonDecoder::settleAtEnd(bool atEnd)
{
    const char *const at = m_window.at(m_at);
    const bool isOver = at >= m_window.end();
    if (isOver && !atEnd)
        return false;
    const bool isOpen = m_search == Search::Open;
    const bool isObject = isOpen && *m_window.at(m_rootStart.at) == '{';
    if (isObject && !isOver && *at == '{') {
        m_delegate =
            std::make_unique<NdjsonDecoder>(m_options, std::vector<std::string>(), m_outputs);
        m_at = 0;
        return true;
    }
    if (isOpen) {
        const std::string_view document(m_window.at(m_rootStart.at),
                                        static_cast<std::size_t>(m_at - m_rootStart.at));
        const bool isError =
            isObject ? m_candidate.rank < RowsCandidate::Rank::Objects &&
                           (isErrorReport(m_envelope) || isCertainReport(document))
                     : m_isErrorLikely &&
                           isErrorArray(document.substr(0, document.find_last_of(']') + 1));
        if (isError) {
            Error error =
                errorAt(ErrorCode::InBandError, "the server sent an error report, no rows",
                        m_window.at(m_rootStart.at));
            error.excerpt = Error::excerptOf(document);
            return fail(std::move(error));
        }
        if (isObject && m_options.isPage && m_candidate.rank < RowsCandidate::Rank::KnownScalars)
            m_search = Search::Late; // a page without rows
        else if (m_candidate.rank != RowsCandidate::Rank::None)
            settleOn(Snapshot(m_candidateStart), m_candidate.shape);
        else
            settleOn(Snapshot(m_rootStart), RowsShape::Single);
        return true;
    }
    if (!isOver)
        return giveUpAt(at, "text behind the end of the document", atEnd);
    if (m_rowsAt.empty() && !m_options.isPage)
        return fail(rowsNotFound());
    return false;
}

Error JsonDecoder::rowsNotFound() const
{
    Error error{.code = ErrorCode::RowsNotFound};
    error.detail = m_wanted ? "there is nothing at " + m_wanted->toString()
                            : std::string("the document has no array of objects");
    if (!m_arraysSeen.empty()) {
        error.detail += "; there are arrays at ";
        for (std::size_t i = 0; i < m_arraysSeen.size(); ++i)
            error.detail += (i == 0 ? "" : ", ") + m_arraysSeen[i];
        error.detail += ": name one with --rows-at";
    }
    return error;
}

} // namespace freshet::decode
