// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_figures.h"

#include <algorithm>

namespace freshet::ui {

namespace {

ArrivalLine lineOf(const lab::Variant &variant, const lab::VariantSummary &summary)
{
    ArrivalLine line{.name = QString::fromStdString(variant.name), .variant = summary.variant};
    for (const lab::CurvePoint &point : lab::medianLine(summary.curve))
        line.median += {point.seconds, point.median};
    if (summary.runs < 2)
        return line;
    for (const lab::CurvePoint &point : summary.curve) {
        line.most += {point.seconds, point.most};
        line.least += {point.seconds, point.least};
    }
    return line;
}

} // namespace

int LabFigures::failedRuns() const
{
    int failed = 0;
    for (const auto &summary : summaries)
        failed += summary.failed;
    return failed;
}

const lab::VariantChange *LabFigures::changeOf(int variant) const
{
    const auto found = std::ranges::find(changes.variants, variant, &lab::VariantChange::now);
    return found == changes.variants.end() ? nullptr : &*found;
}

LabFiguresPtr figuresOf(lab::LabSession session, std::optional<lab::LabSession> before)
{
    auto figures = std::make_shared<LabFigures>();
    figures->session = std::move(session);
    figures->before = std::move(before);
    figures->summaries = figures->session.summaries();
    if (!figures->session.runs.empty())
        figures->advice = lab::adviceFor(figures->session);
    for (const auto &summary : figures->summaries) {
        const auto &variant =
            figures->session.plan.variants[static_cast<std::size_t>(summary.variant)];
        if (summary.runs > 0)
            figures->lines += lineOf(variant, summary);
    }
    if (figures->before)
        figures->changes = lab::compareSessions(*figures->before, figures->session);
    return figures;
}

} // namespace freshet::ui
