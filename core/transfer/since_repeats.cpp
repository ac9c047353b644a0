// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/since_repeats.h"

#include "transfer/verdict.h"

namespace freshet::transfer {

std::int64_t unaskedRows(const SinceRule &rule, const columnar::RecordBatch &batch,
                         const TokenTrack::Ordinal &asked, bool isRestart)
{
    const auto column = batch.schema->indexOf(rule.from);
    if (rule.origin != SinceRule::Origin::Column || !rule.key.empty() || !column)
        return 0;
    return TokenTrack::countUpTo(batch.columns[static_cast<std::size_t>(*column)], asked,
                                 isRestart || !rule.isInclusive);
}

Error tokenIgnored(const SinceRule &rule)
{
    return Error{.code = ErrorCode::ProtocolViolation,
                 .detail = "the source ignores " + rule.sendAs +
                           ": it sent rows again from before the last ones; to go on drops those "
                           "that are here by their content"};
}

void tellRepeats(PlanOutcome &outcome, std::string sentence, std::int64_t unknown)
{
    auto &remarks = outcome.remarks;
    if (unknown > 0) {
        sentence +=
            ", " + groupedDigits(unknown) +
            " more are not here and were added: without a key nothing tells whether they are newer "
            "versions of rows that are here";
        remarks.insert(remarks.begin(), outcome.proof.begin(), outcome.proof.end());
        outcome.proof.clear();
    }
    remarks.insert(remarks.begin(), std::move(sentence));
}

void noteColumn(TokenTrack &track, const SinceRule &rule, const columnar::RecordBatch &batch)
{
    if (const auto column = batch.schema->indexOf(rule.from))
        track.note(batch.columns[static_cast<std::size_t>(*column)]);
    else
        track.noteWithout(batch.rowCount);
}

} // namespace freshet::transfer
