// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_session.h"

#include <string>
#include <vector>

namespace freshet::lab {

/// Colours that charts and their legends have, as classes `s0` … of the report's style sheet.
inline constexpr int kSeriesColours = 10;
[[nodiscard]] std::string seriesClass(int variant);

/// Tick marks for an axis from 0 to `most`: up to six, at 1, 2 or 5 times a power of ten.
[[nodiscard]] std::vector<double> ticksFor(double most);

/// Rows against time: for each variant the median of its runs, and a band from slowest to fastest.
[[nodiscard]] std::string rowsChart(const LabSession &session,
                                    const std::vector<VariantSummary> &summaries);
/// Where the time of each variant goes: connect, wait, first row, receive, finish.
[[nodiscard]] std::string phasesChart(const LabSession &session,
                                      const std::vector<VariantSummary> &summaries);

} // namespace freshet::lab
