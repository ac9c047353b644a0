// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/trial.h"
#include "text/details_text.h"

namespace freshet::ui {

/// What a trial found out, part by part: what came and why it is taken for that, how the server
/// hands out the rest, the columns, what the end proves.
[[nodiscard]] std::vector<DetailSection> detailsOf(const TrialFindings &findings);
/// `100 rows in 84 ms · stopped after the first rows`.
[[nodiscard]] QString trialSentence(const TrialFindings &findings);
/// Of a trial under way: `connecting`, `42 rows so far`.
[[nodiscard]] QString trialSentence(const std::optional<transfer::Progress> &progress);

} // namespace freshet::ui
