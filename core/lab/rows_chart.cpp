// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/charts.h"

#include "lab/plot_area.h"
#include "lab/svg_writer.h"

#include <algorithm>

namespace freshet::lab {

namespace {

using Anchor = SvgWriter::Anchor;
using Point = SvgWriter::Point;

constexpr double kWidth = 960;
constexpr double kHeight = 364; ///< without legend and note
constexpr double kTextLine = 20;

/// A variant that has a line.
struct Line
{
    const VariantSummary *summary = nullptr;
    std::string name;
    std::string classes; ///< of its colour
};

std::vector<const VariantSummary *> drawn(const std::vector<VariantSummary> &summaries)
{
    std::vector<const VariantSummary *> these;
    for (const VariantSummary &summary : summaries) {
        if (!medianLine(summary.curve).empty())
            these.push_back(&summary);
    }
    // The order of the plan, so that a variant's colour is the same wherever it is shown.
    std::ranges::sort(these, {}, [](const VariantSummary *one) { return one->variant; });
    return these;
}

/// Rows at a moment within a line, between two of its points.
double rowsAt(std::span<const CurvePoint> curve, double seconds, double CurvePoint::*rows)
{
    const auto after = std::ranges::lower_bound(curve, seconds, {}, &CurvePoint::seconds);
    if (after == curve.end())
        return curve.back().*rows;
    if (after == curve.begin())
        return after->seconds > seconds ? 0 : (*after).*rows;
    const CurvePoint &before = *(after - 1);
    const double share = (seconds - before.seconds) / (after->seconds - before.seconds);
    return before.*rows + share * ((*after).*rows - before.*rows);
}

/// The points of a curve up to the plot's right edge, the last one on it if the curve goes on.
std::vector<Point> points(const PlotArea &plot, std::span<const CurvePoint> curve,
                          double CurvePoint::*rows)
{
    std::vector<Point> places;
    for (const CurvePoint &point : curve) {
        if (point.seconds > plot.seconds) {
            if (!places.empty())
                places.push_back(plot.at(plot.seconds, rowsAt(curve, plot.seconds, rows)));
            break;
        }
        places.push_back(plot.at(point.seconds, point.*rows));
    }
    return places;
}

void drawBand(SvgWriter &svg, const PlotArea &plot, const Line &line)
{
    auto band = points(plot, line.summary->curve, &CurvePoint::most);
    const auto least = points(plot, line.summary->curve, &CurvePoint::least);
    band.insert(band.end(), least.rbegin(), least.rend());
    svg.polygon(band, "band " + line.classes);
}

void drawMedian(SvgWriter &svg, const PlotArea &plot, const Line &line)
{
    const auto curve = medianLine(line.summary->curve);
    svg.polyline(points(plot, curve, &CurvePoint::median), "curve " + line.classes,
                 line.name + ": " + valueText(curve.back().seconds, Unit::Seconds));
    if (curve.back().seconds <= plot.seconds)
        return;
    // An arrow out of the picture, where the line leaves it.
    const Point at = plot.at(plot.seconds, rowsAt(curve, plot.seconds, &CurvePoint::median));
    svg.polygon({{at.x + 3, at.y - 4}, {at.x + 9, at.y}, {at.x + 3, at.y + 4}},
                "mark " + line.classes);
}

/// Names in columns, as wide as the longest needs: how wide a text is nobody knows here.
class Legend
{
public:
    void add(std::string name, std::string classes)
    {
        constexpr std::size_t kShort = 26; // characters that a fourth of the width has room for
        if (name.size() > kShort)
            m_columns = std::min<std::size_t>(m_columns, name.size() > 2 * kShort ? 1 : 2);
        m_entries.emplace_back(std::move(name), std::move(classes));
    }

    [[nodiscard]] double height() const
    {
        return kTextLine * static_cast<double>((m_entries.size() + m_columns - 1) / m_columns);
    }

    void draw(SvgWriter &svg) const
    {
        constexpr double kStroke = 28;
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            const auto &[name, classes] = m_entries[i];
            const double x =
                kWidth / static_cast<double>(m_columns) * static_cast<double>(i % m_columns);
            const double y = kTextLine * static_cast<double>(i / m_columns) + 10;
            svg.line({x, y}, {x + kStroke, y}, "curve " + classes);
            svg.text({x + kStroke + 8, y + 4}, name, "name");
        }
    }

private:
    std::vector<std::pair<std::string, std::string>> m_entries; ///< name, class of the line
    std::size_t m_columns = 4;
};

Legend legendOf(const std::vector<Line> &lines, const ChartFocus &focus)
{
    Legend legend;
    for (const std::size_t line : focus.inFront)
        legend.add(lines[line].name, lines[line].classes);
    const std::size_t others = lines.size() - focus.inFront.size();
    if (others > 0)
        legend.add(std::to_string(others) + (others == 1 ? " other" : " others"), "rest");
    return legend;
}

} // namespace

ChartFocus rowsFocus(const std::vector<VariantSummary> &summaries)
{
    std::vector<LineEnd> ends;
    for (const VariantSummary *summary : drawn(summaries))
        ends.push_back({medianLine(summary->curve).back().seconds, summary->curve.back().seconds});
    return focusOf(ends);
}

std::string runOnText(const ChartFocus &focus)
{
    if (!focus.isCut())
        return {};
    const std::string end = valueText(focus.lastRow, Unit::Seconds);
    if (focus.runOn == 0)
        return "single runs go on, to " + end;
    if (focus.runOn == 1)
        return "1 variant runs on, to " + end;
    return std::to_string(focus.runOn) + " variants run on, the slowest to " + end;
}

std::string rowsChart(const LabSession &session, const std::vector<VariantSummary> &summaries,
                      ChartSpan span)
{
    const ChartFocus focus = rowsFocus(summaries);
    const std::string note = span == ChartSpan::Bulk ? runOnText(focus) : std::string();
    const double noteHeight = note.empty() ? 0 : kTextLine;
    PlotArea plot{.seconds = span == ChartSpan::Bulk ? focus.seconds : focus.whole, .rows = 0};
    std::vector<Line> lines;
    for (const VariantSummary *summary : drawn(summaries)) {
        const int colour = focus.colours[lines.size()];
        lines.push_back({summary,
                         session.plan.variants[static_cast<std::size_t>(summary->variant)].name,
                         colour == ChartFocus::kNoColour ? "rest" : "s" + std::to_string(colour)});
        plot.rows = std::max(plot.rows, summary->curve.back().most);
    }
    const Legend legend = legendOf(lines, focus);
    plot.left = 64;
    plot.top = legend.height() + noteHeight + 16;
    plot.width = kWidth - 88;
    plot.height = kHeight - 56;
    SvgWriter svg(kWidth, plot.top - 16 + kHeight, "Rows arrived over time, by variant");
    legend.draw(svg);
    if (!lines.empty()) {
        if (!note.empty())
            svg.text({plot.right(), plot.top - 12}, note, "label", Anchor::End);
        plot.drawGrid(svg);
        for (const Line &line : lines) {
            if (!focus.isCrowded() && line.summary->runs > 1)
                drawBand(svg, plot, line);
        }
        for (const bool isColoured : {false, true}) {
            for (std::size_t i = 0; i < lines.size(); ++i) {
                if ((focus.colours[i] != ChartFocus::kNoColour) == isColoured)
                    drawMedian(svg, plot, lines[i]);
            }
        }
    }
    return std::move(svg).finish();
}

} // namespace freshet::lab
