// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/charts.h"

#include "lab/svg_writer.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace freshet::lab {

namespace {

using Anchor = SvgWriter::Anchor;
using Point = SvgWriter::Point;

/// The part of a picture that shows values, and how they become places.
struct PlotArea
{
    double left = 0;
    double top = 0;
    double width = 0;
    double height = 0;
    double mostX = 1;
    double mostY = 1;

    [[nodiscard]] Point at(double x, double y) const
    {
        return {left + x / mostX * width, top + height - y / mostY * height};
    }
};

/// "0.5 M", as a label of an axis.
std::string amountLabel(double value)
{
    std::string text = valueText(value, Unit::RowsPerSecond);
    text.resize(text.size() - 2); // without "/s"
    return text;
}

std::string secondsLabel(double value, double step)
{
    if (value == 0)
        return "0 s";
    if (step < 0.001 * 10)
        return std::to_string(std::lround(value * 1e6) / 1000) + '.' +
               std::to_string(std::lround(value * 1e4) % 10) + " ms";
    if (step < 0.1 || value < 0.1)
        return std::to_string(std::lround(value * 1000)) + " ms";
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), step < 1 ? "%.1f s" : "%.0f s", value);
    return {text.data(), static_cast<std::size_t>(size)};
}

void drawGrid(SvgWriter &svg, const PlotArea &plot)
{
    for (const double y : ticksFor(plot.mostY)) {
        const Point left = plot.at(0, y);
        svg.line(left, {plot.left + plot.width, left.y}, y == 0 ? "axis" : "grid");
        svg.text({left.x - 10, left.y + 4}, amountLabel(y), "label", Anchor::End);
    }
    const auto ticks = ticksFor(plot.mostX);
    for (const double x : ticks)
        svg.text({plot.at(x, 0).x, plot.top + plot.height + 20}, secondsLabel(x, ticks[1]), "label",
                 Anchor::Middle);
}

void drawCurve(SvgWriter &svg, const PlotArea &plot, const std::string &name,
               const VariantSummary &summary)
{
    std::vector<Point> band;
    std::vector<Point> median;
    const auto &curve = summary.curve;
    for (const CurvePoint &point : curve)
        band.push_back(plot.at(point.seconds, point.most));
    for (const CurvePoint &point : medianLine(curve))
        median.push_back(plot.at(point.seconds, point.median));
    for (auto point = curve.rbegin(); point != curve.rend(); ++point)
        band.push_back(plot.at(point->seconds, point->least));
    const std::string colour = seriesClass(summary.variant);
    if (summary.runs > 1)
        svg.polygon(band, "band " + colour);
    svg.polyline(median, "curve " + colour, name);
}

/// Names in columns, as wide as the longest needs: how wide a text is nobody knows here.
struct Legend
{
    static constexpr double kLine = 20;

    std::vector<std::pair<std::string, std::string>> entries; ///< name, class of the line
    std::size_t columns = 4;

    [[nodiscard]] double height() const
    {
        return kLine * static_cast<double>((entries.size() + columns - 1) / columns);
    }
};

Legend legendOf(const LabSession &session, const std::vector<VariantSummary> &summaries)
{
    constexpr std::size_t kShort = 26; // characters that a fourth of the width has room for
    Legend legend;
    for (const VariantSummary &summary : summaries) {
        if (summary.runs == 0)
            continue;
        const auto &name = session.plan.variants[static_cast<std::size_t>(summary.variant)].name;
        if (name.size() > kShort)
            legend.columns =
                std::min<std::size_t>(legend.columns, name.size() > 2 * kShort ? 1 : 2);
        legend.entries.emplace_back(name, seriesClass(summary.variant));
    }
    return legend;
}

void drawLegend(SvgWriter &svg, const Legend &legend)
{
    constexpr double kWidth = 960;
    constexpr double kStroke = 28;
    for (std::size_t i = 0; i < legend.entries.size(); ++i) {
        const auto &[name, classes] = legend.entries[i];
        const double x =
            kWidth / static_cast<double>(legend.columns) * static_cast<double>(i % legend.columns);
        const double y = Legend::kLine * static_cast<double>(i / legend.columns) + 10;
        svg.line({x, y}, {x + kStroke, y}, "curve " + classes);
        svg.text({x + kStroke + 8, y + 4}, name, "name");
    }
}

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

std::string seriesClass(int variant)
{
    static constexpr std::array<std::string_view, 4> kDashes = {"", " dashed", " dotted",
                                                                " dashdot"};
    const auto round = static_cast<std::size_t>(variant / kSeriesColours);
    return "s" + std::to_string(variant % kSeriesColours) +
           std::string(kDashes[round % kDashes.size()]);
}

std::vector<double> ticksFor(double most)
{
    if (!(most > 0))
        return {0, 1};
    const double rough = most / 5;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough * (1 - 1e-9)) {
            step = factor * power;
            break;
        }
    }
    std::vector<double> ticks;
    for (int i = 0; i * step <= most * (1 + 1e-9); ++i)
        ticks.push_back(i * step);
    return ticks;
}

std::string rowsChart(const LabSession &session, const std::vector<VariantSummary> &summaries)
{
    constexpr double kWidth = 960;
    constexpr double kHeight = 364; // without the legend
    const Legend legend = legendOf(session, summaries);
    PlotArea plot{
        .left = 64, .top = legend.height() + 16, .width = kWidth - 88, .height = kHeight - 56};
    plot.mostX = plot.mostY = 0;
    for (const VariantSummary &summary : summaries) {
        if (summary.curve.empty())
            continue;
        plot.mostX = std::max(plot.mostX, summary.curve.back().seconds);
        plot.mostY = std::max(plot.mostY, summary.curve.back().most);
    }
    SvgWriter svg(kWidth, legend.height() + kHeight, "Rows arrived over time, by variant");
    drawLegend(svg, legend);
    if (plot.mostX > 0 && plot.mostY > 0) {
        drawGrid(svg, plot);
        for (const VariantSummary &summary : summaries)
            drawCurve(svg, plot,
                      session.plan.variants[static_cast<std::size_t>(summary.variant)].name,
                      summary);
    }
    return std::move(svg).finish();
}

std::string phasesChart(const LabSession &session, const std::vector<VariantSummary> &summaries)
{
    constexpr double kWidth = 960;
    constexpr double kRow = 28;
    constexpr double kNames = 220;
    constexpr double kTotals = 80;
    double most = 0;
    int bars = 0;
    for (const VariantSummary &summary : summaries) {
        most = std::max(most, medianOf(summary, Metric::Total));
        bars += summary.runs > 0 ? 1 : 0;
    }
    SvgWriter svg(kWidth, bars * kRow + 4, "Where the time of each variant goes");
    double y = 2;
    for (const VariantSummary &summary : summaries) {
        if (summary.runs == 0 || most <= 0)
            continue;
        const auto &name = session.plan.variants[static_cast<std::size_t>(summary.variant)].name;
        svg.text({kNames - 12, y + 17}, name, "name", Anchor::End);
        double x = kNames;
        for (const Phase &phase : phasesOf(summary)) {
            const double width = phase.seconds / most * (kWidth - kNames - kTotals);
            // A hair of every phase is seen, however short it is.
            if (phase.seconds > 0)
                svg.rectangle({x, y + 5}, std::max(width, 0.6), kRow - 12, phase.classes,
                              std::string(phase.name) + ' ' +
                                  valueText(phase.seconds, Unit::Seconds));
            x += width;
        }
        svg.text({x + 8, y + 17}, valueText(medianOf(summary, Metric::Total), Unit::Seconds),
                 "label");
        y += kRow;
    }
    return std::move(svg).finish();
}

} // namespace freshet::lab
