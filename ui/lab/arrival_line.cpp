// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/arrival_line.h"

#include <algorithm>

namespace freshet::ui {

double secondsAt(const QList<QPointF> &points, double rows)
{
    const auto after = std::ranges::lower_bound(points, rows, {}, &QPointF::y);
    if (after == points.end())
        return points.back().x();
    if (after == points.begin() || after->y() == rows)
        return after->x();
    const QPointF before = *(after - 1);
    const double share = (rows - before.y()) / (after->y() - before.y());
    return before.x() + share * (after->x() - before.x());
}

double rowsAt(const QList<QPointF> &points, double seconds)
{
    const auto after = std::ranges::lower_bound(points, seconds, {}, &QPointF::x);
    if (after == points.end())
        return points.isEmpty() ? 0 : points.back().y();
    if (after->x() == seconds)
        return after->y();
    if (after == points.begin())
        return 0;
    const QPointF before = *(after - 1);
    const double share = (seconds - before.x()) / (after->x() - before.x());
    return before.y() + share * (after->y() - before.y());
}

} // namespace freshet::ui
