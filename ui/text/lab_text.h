// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/chart_focus.h"
#include "lab/lab_run.h"
#include "lab/lab_session.h"
#include "theme/icons.h"

#include <QString>

namespace freshet::ui {

/// What the window says of the latency lab.

/// "first byte", "rows/s" …
[[nodiscard]] QString metricTitle(lab::Metric metric);
/// "1.23 s ± 0.05", "774 ms ± 20" where the spread matters most, else the median alone.
[[nodiscard]] QString spreadText(lab::Metric metric, const lab::Spread &spread);
/// "median 1.23 s of 5 runs, from 1.19 s to 1.28 s, p95 1.28 s".
[[nodiscard]] QString spreadSentence(lab::Metric metric, const lab::Spread &spread);
/// "−12 %", "=" where there is no difference.
[[nodiscard]] QString changeText(const lab::Comparison &change);
/// The same in words, with the figures it rests on.
[[nodiscard]] QString changeSentence(lab::Metric metric, const lab::Comparison &change);
/// Whether the change is one for the better; nothing where there is no difference.
[[nodiscard]] std::optional<bool> isBetter(lab::Metric metric, const lab::Comparison &change);

/// "1 run", "30 runs".
[[nodiscard]] QString runsText(int runs);
/// "users, 26 Nov 14:05".
[[nodiscard]] QString sessionText(const QString &name, std::chrono::system_clock::time_point began);
/// Under a kept session's name: "6 variants · 30 runs · 14:05", on other days with the date.
[[nodiscard]] QString labFact(const lab::SessionEntry &session);

/// "4 variants run on, the slowest to 93 s"; empty if a chart of the bulk shows all.
[[nodiscard]] QString runOnText(const lab::ChartFocus &focus);
/// "32 others", of lines without a colour.
[[nodiscard]] QString othersText(qsizetype lines);

[[nodiscard]] Mark markOf(const lab::VariantSummary &summary);
/// "buffered on the way", "stalled", …; empty for what needs no word.
[[nodiscard]] QString healthWord(lab::StreamKind kind);
[[nodiscard]] QString healthTitle(lab::StreamKind kind);
/// Whether something is wrong with a stream of that kind.
[[nodiscard]] bool isUnhealthy(lab::StreamKind kind);

/// "5 runs each, order rotated".
[[nodiscard]] QString planHeadline(const lab::LabPlan &plan);
/// "1 warm-up · warm connections · rows stored".
[[nodiscard]] QString planDetails(const lab::LabPlan &plan);
/// "run 7 of 36 · NDJSON, third time · 412,007 rows".
[[nodiscard]] QString progressText(const lab::LabProgress &progress, const lab::LabPlan &plan);

} // namespace freshet::ui
