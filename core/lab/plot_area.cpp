// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/plot_area.h"

#include "lab/metric.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace freshet::lab {

namespace {

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

} // namespace

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

void PlotArea::drawGrid(SvgWriter &svg) const
{
    for (const double row : ticksFor(rows)) {
        const SvgWriter::Point from = at(0, row);
        svg.line(from, {right(), from.y}, row == 0 ? "axis" : "grid");
        svg.text({from.x - 10, from.y + 4}, amountLabel(row), "label", SvgWriter::Anchor::End);
    }
    const auto ticks = ticksFor(seconds);
    for (const double second : ticks)
        svg.text({at(second, 0).x, top + height + 20}, secondsLabel(second, ticks[1]), "label",
                 SvgWriter::Anchor::Middle);
}

} // namespace freshet::lab
