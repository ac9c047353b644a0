// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/charts.h"

#include "lab/svg_writer.h"

#include <algorithm>
#include <array>

namespace freshet::lab {

namespace {

/// One length of time within a bar.
struct Phase
{
    std::string_view name;
    std::string_view classes;
    double seconds = 0;
};

double medianOf(const VariantSummary &summary, Metric metric)
{
    const auto found = summary.figures.find(metric);
    return found == summary.figures.end() ? 0 : found->second.median;
}

std::array<Phase, 5> phasesOf(const VariantSummary &summary)
{
    const double sent = medianOf(summary, Metric::RequestSent);
    const double firstByte = std::max(medianOf(summary, Metric::FirstByte), sent);
    const double firstRow = std::max(medianOf(summary, Metric::FirstRow), firstByte);
    const double lastRow = std::max(medianOf(summary, Metric::LastRow), firstRow);
    const double total = std::max(medianOf(summary, Metric::Total), lastRow);
    return {{{"connect", "p-connect", sent},
             {"wait", "p-wait", firstByte - sent},
             {"first row", "p-first", firstRow - firstByte},
             {"receive", "p-receive", lastRow - firstRow},
             {"finish", "p-finish", total - lastRow}}};
}

} // namespace

std::string phasesChart(const LabSession &session, const std::vector<VariantSummary> &summaries)
{
    constexpr double kWidth = 960;
    constexpr double kRow = 28;
    constexpr double kNames = 220;
    constexpr double kTotals = 88;
    std::vector<const VariantSummary *> bars;
    std::vector<LineEnd> totals;
    for (const VariantSummary &summary : summaries) {
        const double total = medianOf(summary, Metric::Total);
        if (summary.runs == 0 || total <= 0)
            continue;
        bars.push_back(&summary);
        totals.push_back({total, total});
    }
    // As in the chart of rows, a few slow ones do not press all others together.
    const double most = focusOf(totals).seconds;
    SvgWriter svg(kWidth, static_cast<double>(bars.size()) * kRow + 4,
                  "Where the time of each variant goes");
    double y = 2;
    for (const VariantSummary *summary : bars) {
        const auto &name = session.plan.variants[static_cast<std::size_t>(summary->variant)].name;
        svg.text({kNames - 12, y + 17}, name, "name", SvgWriter::Anchor::End);
        const double end = kWidth - kTotals;
        double x = kNames;
        for (const Phase &phase : phasesOf(*summary)) {
            const double width = std::min(phase.seconds / most * (end - kNames), end - x);
            // A hair of every phase is seen, however short it is.
            if (phase.seconds > 0 && x < end)
                svg.rectangle({x, y + 5}, std::max(width, 0.6), kRow - 12, phase.classes,
                              std::string(phase.name) + ' ' +
                                  valueText(phase.seconds, Unit::Seconds));
            x += width;
        }
        const double total = medianOf(*summary, Metric::Total);
        if (total > most)
            svg.polygon({{x + 3, y + 9}, {x + 9, y + 13}, {x + 3, y + 17}}, "mark rest");
        svg.text({x + (total > most ? 14 : 8), y + 17}, valueText(total, Unit::Seconds), "label");
        y += kRow;
    }
    return std::move(svg).finish();
}

} // namespace freshet::lab
