// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/chart_focus.h"

#include <algorithm>
#include <numeric>

namespace freshet::lab {

namespace {

constexpr double kBulk = 0.9;
constexpr double kMostOfMiddle = 6;
constexpr double kWorthCutting = 1.5;
constexpr double kMargin = 1.02; ///< that the last row is not on the edge

/// By nearest rank; `sorted` is not empty.
double quantile(const std::vector<double> &sorted, double share)
{
    const auto size = static_cast<double>(sorted.size());
    const auto below = static_cast<std::size_t>(share * size * (1 - 1e-12));
    return sorted[std::min(below, sorted.size() - 1)];
}

} // namespace

ChartFocus focusOf(std::span<const LineEnd> lines)
{
    ChartFocus focus;
    focus.colours.assign(lines.size(), ChartFocus::kNoColour);
    if (lines.empty())
        return focus;
    std::vector<std::size_t> order(lines.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::stable_sort(order, {}, [lines](std::size_t line) { return lines[line].median; });
    focus.inFront.assign(order.begin(),
                         order.begin() + static_cast<std::ptrdiff_t>(
                                             std::min(order.size(), ChartFocus::kMostColours)));
    auto inOrder = focus.inFront;
    std::ranges::sort(inOrder);
    for (std::size_t i = 0; i < inOrder.size(); ++i)
        focus.colours[inOrder[i]] = static_cast<int>(i);

    std::vector<double> ends;
    double slowestRun = 0;
    for (const std::size_t line : order) {
        ends.push_back(lines[line].median);
        slowestRun = std::max({slowestRun, lines[line].median, lines[line].slowest});
    }
    const double bulk =
        std::min(quantile(ends, kBulk), kMostOfMiddle * quantile(ends, 0.5)) * kMargin;
    focus.whole = slowestRun * kMargin;
    focus.seconds = focus.whole > kWorthCutting * bulk ? bulk : focus.whole;
    focus.runOn = static_cast<std::size_t>(
        std::ranges::count_if(ends, [&focus](double end) { return end > focus.seconds; }));
    focus.lastRow = focus.runOn > 0 ? ends.back() : slowestRun;
    return focus;
}

} // namespace freshet::lab
