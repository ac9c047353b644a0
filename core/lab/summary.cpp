// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/summary.h"

#include <algorithm>

namespace freshet::lab {

namespace {

double seconds(std::chrono::microseconds time)
{
    return std::chrono::duration<double>(time).count();
}

/// Rows that had come by `time`: between two points on the line between them.
double rowsAt(const std::vector<transfer::ArrivalPoint> &points, double time)
{
    const auto later = std::ranges::find_if(
        points, [time](const auto &point) { return seconds(point.at) > time; });
    if (later == points.begin())
        return 0;
    const auto &before = *(later - 1);
    if (later == points.end())
        return static_cast<double>(before.total);
    const double share = (time - seconds(before.at)) / (seconds(later->at) - seconds(before.at));
    return static_cast<double>(before.total) +
           share * static_cast<double>(later->total - before.total);
}

std::vector<const RunRecord *> runsOf(const std::vector<RunRecord> &runs, int variant)
{
    std::vector<const RunRecord *> these;
    for (const RunRecord &run : runs) {
        if (run.variant == variant && run.counts())
            these.push_back(&run);
    }
    return these;
}

VariantSummary summarizeOne(int variant, const std::vector<RunRecord> &runs)
{
    VariantSummary summary{.variant = variant};
    std::vector<StreamHealth> healths;
    for (const RunRecord &run : runs) {
        if (run.variant != variant || run.isWarmUp)
            continue;
        summary.verdict = std::max(summary.verdict, run.verdict);
        if (!run.error.empty())
            summary.lastError = run.error;
        else if (!run.counts() && !run.evidence.empty())
            summary.lastError = run.evidence.front();
        if (!run.counts()) {
            ++summary.failed;
            continue;
        }
        ++summary.runs;
        summary.rows = run.rows;
        healths.push_back(run.health);
    }
    if (summary.runs + summary.failed == 0)
        summary.verdict = transfer::VerdictKind::Incomplete;
    for (const MetricInfo &info : allMetrics()) {
        if (const auto spread = spreadOf(valuesOf(runs, variant, info.metric)))
            summary.figures.emplace(info.metric, *spread);
    }
    summary.health = typicalHealth(healths);
    summary.curve = curveOf(runsOf(runs, variant));
    return summary;
}

} // namespace

bool RunRecord::counts() const
{
    return !isWarmUp && !isCancelled && error.empty() &&
           verdict != transfer::VerdictKind::Incomplete;
}

std::vector<VariantSummary> summarize(const LabPlan &plan, const std::vector<RunRecord> &runs)
{
    std::vector<VariantSummary> summaries;
    for (int variant = 0; variant < static_cast<int>(plan.variants.size()); ++variant)
        summaries.push_back(summarizeOne(variant, runs));
    return summaries;
}

std::vector<double> valuesOf(const std::vector<RunRecord> &runs, int variant, Metric metric)
{
    std::vector<double> values;
    for (const RunRecord *run : runsOf(runs, variant)) {
        if (const auto value = valueOf(*run, metric))
            values.push_back(*value);
    }
    return values;
}

std::vector<CurvePoint> curveOf(const std::vector<const RunRecord *> &runs, int points)
{
    double end = 0;
    for (const RunRecord *run : runs) {
        if (!run->arrivals.rows.empty())
            end = std::max(end, seconds(run->arrivals.rows.back().at));
    }
    std::vector<CurvePoint> curve;
    if (end <= 0 || points < 2)
        return curve;
    for (int i = 0; i < points; ++i) {
        const double time = end * i / (points - 1);
        std::vector<double> rows;
        for (const RunRecord *run : runs)
            rows.push_back(rowsAt(run->arrivals.rows, time));
        const Spread spread = *spreadOf(rows);
        curve.push_back({time, spread.median, spread.least, spread.most});
    }
    return curve;
}

std::span<const CurvePoint> medianLine(const std::vector<CurvePoint> &curve)
{
    const auto begun =
        std::ranges::find_if(curve, [](const CurvePoint &point) { return point.median > 0; });
    if (begun == curve.end())
        return {};
    const auto last = std::find_if(begun, curve.end(), [&curve](const CurvePoint &point) {
        return point.median >= curve.back().median;
    });
    return {begun == curve.begin() ? begun : begun - 1, last + 1};
}

} // namespace freshet::lab
