// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/chart_axis.h"

#include "theme/theme.h"

#include <QPen>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace freshet::ui {

double niceStep(double span, int pieces)
{
    const double raw = std::max(span, 1e-6) / pieces;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (raw <= factor * power)
            return factor * power;
    }
    return 10 * power;
}

void setAxis(QValueAxis &axis, double from, double to, double step)
{
    axis.setTickType(QValueAxis::TicksFixed);
    axis.setRange(from, to);
    axis.setTickInterval(step);
    axis.setTickType(QValueAxis::TicksDynamic);
}

void setAxisLooks(QValueAxis &axis, const Theme &theme)
{
    const Tokens &tokens = theme.tokens();
    axis.setLabelsFont(theme.smallFont());
    axis.setLabelsColor(tokens.dimText);
    axis.setGridLineColor(tokens.line);
    axis.setLinePen(QPen(tokens.line));
    axis.setMinorGridLineVisible(false);
}

} // namespace freshet::ui
