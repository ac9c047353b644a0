// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/verdict_rules.h"

#include "transfer/page_finder.h"
#include "transport/stated_digests.h"

#include <algorithm>
#include <utility>

namespace freshet::transfer {

namespace {

using transport::BodyEnd;

std::string rowsText(RowCount rows)
{
    return counted(rows.value(), "row", "rows");
}

std::string bytesText(ByteCount bytes)
{
    return counted(bytes.value(), "byte", "bytes");
}

bool isLocalFile(const transport::ResponseHead &head)
{
    return head.status == 0;
}

bool isOnlyGzip(const std::vector<std::string> &codings)
{
    return std::ranges::all_of(
        codings, [](const std::string &name) { return name == "gzip" || name == "x-gzip"; });
}

/// Whether the server offers its response as a file whose length it knew beforehand.
bool looksLikeFile(const transport::ResponseHead &head)
{
    // A coding that no header names is the file's own: `rows.csv.zst`.
    const bool isAsHeld =
        isOnlyGzip(head.contentCodings) || !findHeader(head.headers, "Content-Encoding");
    if (!head.contentLength || !isAsHeld)
        return false;
    if (const auto ranges = findHeader(head.headers, "Accept-Ranges"); ranges && *ranges != "none")
        return true;
    return findHeader(head.headers, "ETag") || findHeader(head.headers, "Last-Modified");
}

std::string placeText(const Error &error)
{
    std::string place;
    const auto add = [&place](std::string_view word, std::int64_t value) {
        place += (place.empty() ? " at " : ", ") + std::string(word) + ' ' + groupedDigits(value);
    };
    if (error.line)
        add("line", *error.line);
    if (error.row)
        add("row", error.row->value());
    if (error.byteOffset)
        add("byte", error.byteOffset->value());
    return place;
}

std::string ofAnnounced(const VerdictFacts &facts)
{
    // Of a body in a coding it is not known what was read again on the wire.
    const bool isCoded = facts.head && !facts.head->contentCodings.empty();
    const ByteCount again = isCoded ? ByteCount() : facts.bytesReadAgain;
    const ByteCount came = facts.wireBytes - again;
    if (came == ByteCount())
        return facts.earlierRows > RowCount() ? "before a new byte came" : "before a byte came";
    std::string text = "after " + bytesText(came);
    if (facts.head && facts.head->contentLength)
        text += " of " + groupedDigits(facts.head->contentLength->value());
    return text;
}

std::string sentenceFor(const Error &error, const VerdictFacts &facts)
{
    const std::string detail = error.detail.empty() ? std::string() : ": " + error.detail;
    switch (error.code) {
    case ErrorCode::ConnectionLost:
        return "the connection was cut " + ofAnnounced(facts) + detail;
    case ErrorCode::Timeout:
        return "the server fell silent " + ofAnnounced(facts) + detail;
    case ErrorCode::CodingTruncated:
        return "the compressed stream stops without its proper end " + ofAnnounced(facts) + detail;
    case ErrorCode::Truncated:
        return "the data stops in the middle" + placeText(error) + detail;
    case ErrorCode::InBandError:
        return "the server reported an error inside the data" + placeText(error) + detail +
               (error.excerpt.empty() ? std::string() : ": " + error.excerpt);
    case ErrorCode::DiskFull:
        return "the disk was full" + detail;
    case ErrorCode::HttpStatus:
        return "the server refused" + detail;
    case ErrorCode::DatabaseRefused:
        return "the database refused" + placeText(error) + detail;
    case ErrorCode::CodingCorrupt:
        if (transport::isNotAsStated(error))
            return "what came is not what its checksum states" + detail;
        [[fallthrough]];
    default:
        return "stopped by " + std::string(errorCodeName(error.code)) + placeText(error) + detail;
    }
}

/// The two sides of the scale while they fill.
struct Scale
{
    std::vector<std::string> loss;
    std::vector<std::string> proof;
    std::vector<std::string> remarks;
};

void weighEarlyEnd(const VerdictFacts &facts, Scale &scale)
{
    if (facts.cancelled)
        scale.loss.push_back("cancelled by the user after " + rowsText(facts.rows));
    if (facts.limitReached)
        scale.loss.push_back("limit of " + rowsText(*facts.limitReached) + " reached");
    if (facts.error)
        scale.loss.push_back(sentenceFor(*facts.error, facts));
    if (facts.error && !facts.sentOnce.empty())
        scale.remarks.push_back("the " + facts.sentOnce +
                                " was not sent again, for that may do something twice: where it "
                                "does not, say so by --safe or in the source dialog");
    if (facts.morePages)
        scale.loss.push_back(*facts.morePages);
    if (facts.inBandErrors > 0)
        scale.loss.push_back("the server reported " + counted(facts.inBandErrors,
                                                              "error inside the data",
                                                              "errors inside the data"));
    if (!facts.plan && facts.findings.inBandProblem)
        scale.loss.push_back("the document itself says that it is not whole: " +
                             *facts.findings.inBandProblem);
}

void weighTotals(const VerdictFacts &facts, Scale &scale)
{
    std::vector<DeclaredTotal> totals;
    if (!facts.plan)
        totals = facts.declared;
    else if (facts.plan->declaredTotal)
        totals.push_back({*facts.plan->declaredTotal, facts.plan->declaredTotalFrom});
    if (!facts.plan && facts.findings.declaredTotal)
        totals.push_back({*facts.findings.declaredTotal, facts.findings.declaredTotalFrom});
    const RowCount came = facts.rows + facts.rejected;
    for (const auto &[rows, from] : totals) {
        const std::string claim = from + ' ' + groupedDigits(rows.value());
        if (rows == came)
            scale.proof.push_back(claim + " = rows " + groupedDigits(came.value()));
        else
            scale.loss.push_back(claim + " ≠ rows " + groupedDigits(came.value()));
    }
}

void append(std::vector<std::string> &to, const std::vector<std::string> &sentences)
{
    to.insert(to.end(), sentences.begin(), sentences.end());
}

void weighPlan(const PlanOutcome &plan, Scale &scale)
{
    append(scale.loss, plan.loss);
    append(scale.proof, plan.proof);
    append(scale.remarks, plan.remarks);
}

/// Whatever a planner makes of the ends of answers: what is missing in the rows is missing.
void weighSchema(const VerdictFacts &facts, Scale &scale)
{
    if (facts.findings.schemaProblem)
        scale.loss.push_back(*facts.findings.schemaProblem);
    append(scale.remarks, facts.findings.remarks);
}

void weighDocument(const VerdictFacts &facts, Scale &scale)
{
    if (facts.findings.endStated)
        scale.proof.push_back("the stream says that it is whole: " + *facts.findings.endStated);
    if (facts.findings.arrayClosed)
        scale.proof.push_back("array closed at byte " +
                              groupedDigits(facts.findings.arrayClosedAt.value()));
}

void weighDigest(const VerdictFacts &facts, Scale &scale)
{
    if (!facts.end->digestProof.empty())
        scale.proof.push_back(facts.end->digestProof);
}

void weighFile(const VerdictFacts &facts, Scale &scale)
{
    weighDigest(facts, scale);
    scale.proof.push_back("file read to its end, " + bytesText(facts.end->wireBytes));
    if (!facts.head->contentCodings.empty())
        scale.remarks.push_back("the " + facts.head->contentCodings.back() +
                                " stream reached its proper end");
}

void weighBody(const VerdictFacts &facts, Scale &scale)
{
    weighDigest(facts, scale);
    std::string length;
    switch (facts.end->end) {
    case BodyEnd::LengthReached:
        length = facts.head->contentLength && *facts.head->contentLength != facts.end->wireBytes
                     ? bytesText(facts.end->wireBytes) +
                           " received in all, the last answer up to its Content-Length"
                     : "Content-Length " + groupedDigits(facts.end->wireBytes.value()) +
                           " = bytes received";
        if (looksLikeFile(*facts.head))
            scale.proof.push_back(length + " of a file the server holds");
        else
            scale.remarks.push_back(length);
        break;
    case BodyEnd::FramingComplete:
        scale.remarks.push_back(facts.head->httpVersion.starts_with('2')
                                    ? "HTTP/2 stream ended"
                                    : "chunked body ended with its last chunk");
        break;
    case BodyEnd::ConnectionClosed:
        scale.remarks.push_back("the server closed the connection after " +
                                bytesText(facts.end->wireBytes) + ", and no length was announced");
        break;
    }
    if (!facts.head->contentCodings.empty())
        scale.remarks.push_back("the " + facts.head->contentCodings.back() +
                                " stream reached its proper end");
}

/// Requests that brought nothing and were sent again.
void tellRetries(const VerdictFacts &facts, Scale &scale)
{
    // A run that goes on begins with a continuation that no failure came before.
    const auto times = static_cast<std::int64_t>(facts.continuations.size());
    const bool goesOn = times > 0 && facts.earlierRows.value() > 0;
    const std::int64_t refused = facts.retries - (times - (goesOn ? 1 : 0));
    if (refused <= 0)
        return;
    const std::string why = facts.retryCause ? facts.retryCause->detail : std::string();
    scale.remarks.push_back(sentAgainText(refused, why));
}

/// What happened on the way; it speaks neither for nor against.
void tellTheWay(const VerdictFacts &facts, Scale &scale)
{
    if (facts.earlierRows.value() > 0)
        scale.remarks.push_back("goes on behind " + rowsText(facts.earlierRows) +
                                " of an earlier run");
    const auto times = static_cast<std::int64_t>(facts.continuations.size());
    if (times == 1 && facts.earlierRows.value() > 0) {
        scale.remarks.push_back("how it went on: " + facts.continuations.back());
    } else if (times > 0) {
        scale.remarks.push_back("interrupted " + counted(times, "time", "times") +
                                ", then continued: " + facts.continuations.back());
    }
    tellRetries(facts, scale);
    if (facts.bytesReadAgain.value() > 0)
        scale.remarks.push_back(bytesText(facts.bytesReadAgain) +
                                " were received twice, found the same, and passed over");
    if (facts.rejected.value() > 0)
        scale.remarks.push_back(
            counted(facts.rejected.value(), "row", "rows") + " could not be read and " +
            (facts.rejected.value() == 1 ? "is" : "are") + " kept aside as sent");
}

void weighTransport(const VerdictFacts &facts, Scale &scale)
{
    if (!facts.end || !facts.head)
        return;
    if (facts.doubt == HeldDoubt::FailedChecksum && facts.end->digestProof.empty())
        scale.loss.emplace_back("what came first was not what its checksum states, and nothing "
                                "states one of what came now");
    if (facts.end->decodedBytes.value() == 0)
        scale.remarks.emplace_back("the body was empty");
    if (isLocalFile(*facts.head))
        weighFile(facts, scale);
    else
        weighBody(facts, scale);
}

} // namespace

std::string sentAgainText(std::int64_t requests, std::string_view why)
{
    std::string sentence = counted(requests, "request", "requests") + " failed and " +
                           (requests == 1 ? "was" : "were") + " sent again";
    if (!why.empty())
        sentence += ", the last because " + std::string(why);
    return sentence;
}

void takeTotalOfDocument(VerdictFacts &facts)
{
    if (!facts.end || facts.plan || !facts.head || facts.findings.declaredTotal)
        return;
    const RowCount came = facts.rows + facts.rejected;
    if (auto total = totalOfDocument({*facts.head, facts.findings, came.value()})) {
        facts.findings.declaredTotal = total->rows;
        facts.findings.declaredTotalFrom = std::move(total->from);
    }
}

Verdict judge(const VerdictFacts &facts)
{
    Scale scale;
    weighEarlyEnd(facts, scale);
    const bool cameToAnEnd = scale.loss.empty();
    // A total says nothing about a download that somebody stopped.
    if (!facts.cancelled && !facts.limitReached)
        weighTotals(facts, scale);
    if (facts.plan)
        weighPlan(*facts.plan, scale);
    else
        weighDocument(facts, scale);
    if (cameToAnEnd && !facts.plan)
        weighTransport(facts, scale);
    weighSchema(facts, scale);
    tellTheWay(facts, scale);

    Verdict verdict;
    if (!scale.loss.empty()) {
        verdict.kind = VerdictKind::Incomplete;
    } else if (!scale.proof.empty()) {
        verdict.kind = VerdictKind::Verified;
    } else if (facts.end) {
        verdict.kind = VerdictKind::Ended;
        scale.remarks.insert(scale.remarks.begin(),
                             "the transfer ended cleanly, but nothing states a row count");
    } else {
        scale.loss.emplace_back("the transfer stopped before its end");
    }
    for (auto *side : {&scale.loss, &scale.proof, &scale.remarks})
        verdict.evidence.insert(verdict.evidence.end(), std::make_move_iterator(side->begin()),
                                std::make_move_iterator(side->end()));
    return verdict;
}

} // namespace freshet::transfer
