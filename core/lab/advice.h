// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_session.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::lab {

/// What a sentence of advice is about.
enum class AdviceTopic { Way, FirstRow, Compression, PageSize, Memory, Volume, Health, Limits };
/// How far the figures carry it.
enum class AdviceWeight {
    Decided,  ///< the figures decide it
    Undecided ///< they do not, and the sentence says so
};

/// One sentence in English with the figures that it rests on.
struct AdviceSentence
{
    AdviceTopic topic = AdviceTopic::Way;
    AdviceWeight weight = AdviceWeight::Decided;
    std::string text;  ///< "NDJSON shows its first row 1.36 s earlier than batch JSON"
    std::string basis; ///< "first row: 9 ms against 1.37 s, medians of 5 runs each, spread 40 ms"
};

/// `way`, `first-row` …: stable, for files.
[[nodiscard]] std::string_view adviceTopicName(AdviceTopic topic);
/// What the figures of a session recommend, most important first; never empty.
[[nodiscard]] std::vector<AdviceSentence> adviceFor(const LabSession &session);

} // namespace freshet::lab
