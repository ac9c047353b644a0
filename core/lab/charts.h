// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/chart_focus.h"
#include "lab/lab_session.h"

#include <string>
#include <vector>

namespace freshet::lab {

/// How much time a chart covers.
enum class ChartSpan { Bulk, Whole };

/// What the rows chart of these puts forward: lines are those of `summaries` with runs, by variant.
[[nodiscard]] ChartFocus rowsFocus(const std::vector<VariantSummary> &summaries);

/// Rows against time: for each variant the median of its runs and, while they are few, a band from
/// slowest to fastest. Lines that go on behind the span end in a mark at its edge.
[[nodiscard]] std::string rowsChart(const LabSession &session,
                                    const std::vector<VariantSummary> &summaries,
                                    ChartSpan span = ChartSpan::Bulk);
/// Where the time of each variant goes: connect, wait, first row, receive, finish.
[[nodiscard]] std::string phasesChart(const LabSession &session,
                                      const std::vector<VariantSummary> &summaries);

/// "4 variants run on, the slowest to 93 s"; empty if the chart covers all.
[[nodiscard]] std::string runOnText(const ChartFocus &focus);

} // namespace freshet::lab
