// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/lab_text.h"

#include "cli/human_text.h"
#include "lab/advice.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace freshet::cli {

namespace {

using lab::Metric;

std::string figure(const lab::VariantSummary &summary, Metric metric, bool hasSpread = false)
{
    const auto found = summary.figures.find(metric);
    if (found == summary.figures.end())
        return "-";
    const auto unit = lab::metricInfo(metric).unit;
    std::string text = lab::valueText(found->second.median, unit);
    if (hasSpread && found->second.n > 1)
        text += " ± " + lab::valueText(found->second.width() / 2, unit);
    return text;
}

std::string variantTable(const lab::LabSession &session)
{
    auto summaries = session.summaries();
    std::ranges::stable_sort(summaries, {}, [](const lab::VariantSummary &summary) {
        const auto last = summary.figures.find(Metric::LastRow);
        return last == summary.figures.end() ? HUGE_VAL : last->second.median;
    });
    std::vector<std::vector<std::string>> rows{{"VARIANT", "FIRST BYTE", "FIRST ROW", "HALF",
                                                "LAST ROW", "ROWS/S", "WIRE", "MEMORY", "RUNS",
                                                "VERDICT", "STREAM"}};
    for (const auto &summary : summaries)
        rows.push_back({session.plan.variants[static_cast<std::size_t>(summary.variant)].name,
                        figure(summary, Metric::FirstByte), figure(summary, Metric::FirstRow),
                        figure(summary, Metric::Half), figure(summary, Metric::LastRow, true),
                        figure(summary, Metric::RowsPerSecond), figure(summary, Metric::WireBytes),
                        figure(summary, Metric::PeakMemory),
                        std::to_string(summary.runs) +
                            (summary.failed > 0 ? '-' + std::to_string(summary.failed) : ""),
                        std::string(transfer::verdictName(summary.verdict)),
                        std::string(lab::streamKindName(summary.health.kind))});
    return alignedTable(rows,
                        {false, true, true, true, true, true, true, true, true, false, false});
}

std::string adviceText(const lab::LabSession &session)
{
    std::string text;
    for (const auto &sentence : lab::adviceFor(session))
        text += (sentence.weight == lab::AdviceWeight::Decided ? "• " : "? ") + sentence.text +
                "\n    " + sentence.basis + '\n';
    return text;
}

std::string changeText(const lab::Comparison &change, lab::Unit unit)
{
    switch (change.outcome) {
    case lab::Outcome::NoDifference:
        return "no difference";
    case lab::Outcome::TooFewRuns:
        return "too few runs";
    case lab::Outcome::FirstSmaller:
    case lab::Outcome::SecondSmaller:
        break;
    }
    return (change.difference > 0 ? "+" : "-") + lab::valueText(std::abs(change.difference), unit);
}

std::string comparisonText(const lab::LabSession &before, const lab::LabSession &now)
{
    constexpr std::array kColumns = {Metric::FirstRow, Metric::LastRow, Metric::WireBytes,
                                     Metric::PeakMemory};
    std::vector<std::vector<std::string>> rows{
        {"SINCE " + momentText(before.began), "FIRST ROW", "LAST ROW", "WIRE", "MEMORY"}};
    const auto comparison = lab::compareSessions(before, now);
    for (const auto &variant : comparison.variants) {
        auto &row = rows.emplace_back(std::vector<std::string>{variant.name});
        for (const Metric metric : kColumns) {
            const auto change = variant.changes.find(metric);
            row.push_back(change == variant.changes.end()
                              ? "-"
                              : changeText(change->second, lab::metricInfo(metric).unit));
        }
    }
    for (const auto &name : comparison.onlyNow)
        rows.push_back({name, "new"});
    for (const auto &name : comparison.onlyBefore)
        rows.push_back({name, "gone"});
    return alignedTable(rows, {false, true, true, true, true});
}

} // namespace

std::string labProgressText(const lab::LabPlan &plan, const lab::LabProgress &progress)
{
    std::string text = "run " + std::to_string(std::min(progress.done + 1, progress.total)) +
                       " of " + std::to_string(progress.total);
    if (!progress.current)
        return text;
    const auto &variant = plan.variants[static_cast<std::size_t>(progress.current->variant)];
    return text + "  " + variant.name + (progress.current->isWarmUp ? " (warm-up)  " : "  ") +
           transfer::groupedDigits(progress.transfer.rows.value()) + " rows  " +
           durationText(progress.transfer.elapsed);
}

std::string labText(const lab::LabSession &session, const lab::LabSession *before)
{
    std::string text = variantTable(session) + '\n' + adviceText(session);
    if (before != nullptr)
        text += '\n' + comparisonText(*before, session);
    return text;
}

std::string labListText(const std::vector<lab::SessionEntry> &sessions)
{
    if (sessions.empty())
        return "No lab session is kept yet. freshet-cli lab URL… makes one.\n";
    std::vector<std::vector<std::string>> rows{{"NAME", "BEGAN", "VARIANTS", "RUNS", "ID"}};
    for (const auto &session : sessions)
        rows.push_back({session.name, momentText(session.began), std::to_string(session.variants),
                        std::to_string(session.runs), session.id});
    return alignedTable(rows, {false, false, true, true, false});
}

} // namespace freshet::cli
