// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/leg.h"
#include "transfer/since_token.h"

namespace freshet::transfer {

/// What the planners of since tokens share where a source ignores the token and sends rows again.
/// Threads: pure functions.

/// How many rows of `batch` lie before the token `asked`, so that nobody asked for them; the
/// token's own rows are among these where they do not come again by the rule, or all rows do
/// (`isRestart`). None where there is a key, by which rows meet anyway, or no column that tells.
[[nodiscard]] std::int64_t unaskedRows(const SinceRule &rule, const columnar::RecordBatch &batch,
                                       const TokenTrack::Ordinal &asked, bool isRestart);

/// It came out behind rows of the same run: the run ends, and the next one drops what is held.
[[nodiscard]] Error tokenIgnored(const SinceRule &rule);

/// Put `sentence` about rows that came again first. If `unknown` rows before the token were not
/// held, it goes on to say so, and nothing proves that the table is whole: it may hold a row twice,
/// as it was and as it is.
void tellRepeats(PlanOutcome &outcome, std::string sentence, std::int64_t unknown);

/// Follow the rule's column through `batch`.
void noteColumn(TokenTrack &track, const SinceRule &rule, const columnar::RecordBatch &batch);

} // namespace freshet::transfer
