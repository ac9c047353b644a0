// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_verdict.h"

#include "base/digest.h"
#include "transfer/verdict_rules.h"

namespace freshet::transfer {

namespace {

using transport::BodyEnd;

std::string figure(ByteCount count)
{
    return groupedDigits(count.value());
}

std::string ofWhole(const FileFacts &facts)
{
    std::string text = "after " + figure(facts.bytes);
    if (facts.wholeLength)
        text += " of " + figure(*facts.wholeLength);
    return text + " bytes";
}

std::string sentenceFor(const Error &error, const FileFacts &facts)
{
    const std::string detail = error.detail.empty() ? std::string() : ": " + error.detail;
    switch (error.code) {
    case ErrorCode::Cancelled:
        return "cancelled by the user " + ofWhole(facts);
    case ErrorCode::ConnectionLost:
        return "the connection was cut " + ofWhole(facts) + detail;
    case ErrorCode::Timeout:
        return "the server fell silent " + ofWhole(facts) + detail;
    default:
        return "stopped by " + std::string(errorCodeName(error.code)) + ' ' + ofWhole(facts) +
               detail;
    }
}

std::string sentenceFor(const DigestCheck &check)
{
    return std::string(digestName(check.stated.kind)) +
           (check.matches ? " of the file = " : " of the file is not ") +
           hexText(check.stated.value) + ", which " + check.stated.from + " states";
}

void weighLength(const FileFacts &facts, std::vector<std::string> &proof,
                 std::vector<std::string> &loss)
{
    if (!facts.wholeLength)
        return;
    const std::string stated = "length " + figure(*facts.wholeLength) + " as the server states it";
    if (*facts.wholeLength == facts.bytes)
        proof.push_back(stated + " = bytes of the file");
    else
        loss.push_back(stated + " ≠ bytes of the file " + figure(facts.bytes));
}

std::string endText(const FileFacts &facts)
{
    switch (*facts.end) {
    case BodyEnd::FramingComplete:
        return "the body ended as its framing says, " + figure(facts.bytes) + " bytes";
    case BodyEnd::ConnectionClosed:
        return "the server closed the connection after " + figure(facts.bytes) +
               " bytes, and no length was announced";
    case BodyEnd::LengthReached:
        break;
    }
    return "the last answer came up to its Content-Length, " + figure(facts.bytes) + " bytes here";
}

} // namespace

Verdict judgeFile(const FileFacts &facts)
{
    std::vector<std::string> loss;
    std::vector<std::string> proof;
    std::vector<std::string> remarks;
    if (facts.error)
        loss.push_back(sentenceFor(*facts.error, facts));
    if (facts.end) {
        for (const auto &check : facts.checks)
            (check.matches ? proof : loss).push_back(sentenceFor(check));
        weighLength(facts, proof, loss);
        remarks.push_back(endText(facts));
    } else if (!facts.error) {
        loss.emplace_back("the download stopped before its end");
    }
    if (facts.earlierBytes > ByteCount())
        remarks.push_back("goes on behind " + figure(facts.earlierBytes) +
                          " bytes of an earlier run");
    remarks.insert(remarks.end(), facts.remarks.begin(), facts.remarks.end());
    if (facts.sentAgain > 0)
        remarks.push_back(sentAgainText(facts.sentAgain, facts.whyAgain));
    if (facts.bytesReadAgain > ByteCount())
        remarks.push_back(figure(facts.bytesReadAgain) +
                          " bytes were received twice, found the same, and passed over");

    Verdict verdict;
    if (!loss.empty()) {
        verdict.kind = VerdictKind::Incomplete;
    } else if (!proof.empty()) {
        verdict.kind = VerdictKind::Verified;
    } else {
        verdict.kind = VerdictKind::Ended;
        remarks.insert(remarks.begin(),
                       "the transfer ended cleanly, but nothing states how long the file is");
    }
    for (const auto *side : {&loss, &proof, &remarks})
        verdict.evidence.insert(verdict.evidence.end(), side->begin(), side->end());
    return verdict;
}

} // namespace freshet::transfer
