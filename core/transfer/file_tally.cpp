// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_tally.h"

#include "transfer/json_text.h"
#include "transfer/verdict_rules.h"

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

Verdict verdictOf(const LegReport &report, const FileTally::Known &known)
{
    VerdictFacts facts;
    if (report.head) {
        facts.head = *report.head;
        facts.declared = declaredTotals(report.head->headers);
    }
    facts.end = report.end;
    facts.findings = report.findings;
    facts.format = report.findings.format;
    facts.rows = report.rows;
    facts.rejected = report.rejected;
    facts.wireBytes = report.wireBytes;
    facts.doubt = known.doubt;
    takeTotalOfDocument(facts);
    Verdict verdict = judge(facts);
    for (const auto *more : {&report.fileProof, &known.proof}) {
        if (more->empty())
            continue;
        if (verdict.kind == VerdictKind::Ended)
            verdict = {VerdictKind::Verified, {}};
        verdict.evidence.insert(verdict.evidence.end(), more->begin(), more->end());
    }
    return verdict;
}

} // namespace

void FileTally::add(const std::string &name, const LegReport &report, const Known &known)
{
    ++m_files;
    m_rows += report.rows;
    m_bytes += report.wireBytes;
    const Verdict verdict = verdictOf(report, known);
    m_evidence = verdict.evidence;
    tell(name, verdict, report.end ? report.end->digestProof : std::string());
}

void FileTally::tell(const std::string &name, const Verdict &verdict,
                     const std::string &digestProof)
{
    std::string sentence = name + ": " + verdict.evidence.front();
    if (!digestProof.empty() && digestProof != verdict.evidence.front())
        sentence += "; " + digestProof;
    switch (verdict.kind) {
    case VerdictKind::Verified:
        break;
    case VerdictKind::Ended:
        if (m_unproven.size() < kMostListed)
            m_unproven.push_back(sentence);
        return;
    case VerdictKind::Incomplete:
        if (m_losses.size() < kMostListed)
            m_losses.push_back(sentence);
        return;
    }
    if (m_files <= static_cast<std::int64_t>(kMostListed))
        m_remarks.push_back(sentence);
}

void FileTally::remark(std::string sentence)
{
    m_remarks.push_back(std::move(sentence));
}

PlanOutcome FileTally::outcome(std::size_t ofFiles) const
{
    PlanOutcome outcome;
    outcome.loss = m_losses;
    outcome.remarks = m_unproven;
    const bool isAll = m_losses.empty() && m_unproven.empty() && m_files > 0;
    if (isAll && ofFiles == 1 && m_files == 1) {
        outcome.proof = m_evidence;
        for (const std::string &remark : m_remarks) {
            if (remark.find(m_evidence.front()) == remark.npos) // else it says the same
                outcome.remarks.push_back(remark);
        }
        return outcome;
    }
    const std::string sum = counted(m_files, "file", "files") +
                            " read to the end: " + counted(m_rows.value(), "row", "rows") + " of " +
                            counted(m_bytes.value(), "byte", "bytes");
    (isAll ? outcome.proof : outcome.remarks).push_back(sum);
    outcome.remarks.insert(outcome.remarks.end(), m_remarks.begin(), m_remarks.end());
    return outcome;
}

QJsonObject FileTally::toJson() const
{
    return {{u"files"_s, static_cast<qint64>(m_files)},
            {u"rows"_s, static_cast<qint64>(m_rows.value())},
            {u"bytes"_s, static_cast<qint64>(m_bytes.value())},
            {u"unproven"_s, textsToJson(m_unproven)},
            {u"losses"_s, textsToJson(m_losses)},
            {u"remarks"_s, textsToJson(m_remarks)},
            {u"evidence"_s, textsToJson(m_evidence)}};
}

FileTally FileTally::fromJson(const QJsonObject &object)
{
    FileTally tally;
    tally.m_files = object[u"files"].toInteger();
    tally.m_rows = RowCount(object[u"rows"].toInteger());
    tally.m_bytes = ByteCount(object[u"bytes"].toInteger());
    tally.m_unproven = textsFrom(object[u"unproven"]);
    tally.m_losses = textsFrom(object[u"losses"]);
    tally.m_remarks = textsFrom(object[u"remarks"]);
    tally.m_evidence = textsFrom(object[u"evidence"]);
    return tally;
}

} // namespace freshet::transfer
