// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_plan.h"
#include "lab/metric.h"
#include "lab/statistics.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace freshet::lab {

/// A point of the chart: how far the runs had come at a time.
struct CurvePoint
{
    double seconds = 0;
    double median = 0; ///< rows
    double least = 0;
    double most = 0;
};

/// All runs of one variant together. Only those that count (`RunRecord::counts`) go into figures.
struct VariantSummary
{
    int variant = 0;
    int runs = 0;   ///< that count
    int failed = 0; ///< that do not, warm-ups aside
    std::map<Metric, Spread> figures;
    /// The worst of the runs.
    transfer::VerdictKind verdict = transfer::VerdictKind::Verified;
    std::string lastError;
    StreamHealth health;
    RowCount rows; ///< of the last run that counts
    std::vector<CurvePoint> curve;
};

[[nodiscard]] std::vector<VariantSummary> summarize(const LabPlan &plan,
                                                    const std::vector<RunRecord> &runs);
/// Of the runs of `variant` that count.
[[nodiscard]] std::vector<double> valuesOf(const std::vector<RunRecord> &runs, int variant,
                                           Metric metric);
/// Rows over time: at up to `points` moments from 0 to the end of the slowest, median and band.
[[nodiscard]] std::vector<CurvePoint> curveOf(const std::vector<const RunRecord *> &runs,
                                              int points = 120);
/// The part of a curve that is drawn as the median's line: from the first row to the last, without
/// what lies before and what the slowest run needs longer.
[[nodiscard]] std::span<const CurvePoint> medianLine(const std::vector<CurvePoint> &curve);

} // namespace freshet::lab
