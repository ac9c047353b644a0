// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointF>
#include <QString>

namespace freshet::ui {

/// How the rows of one variant arrived: x in seconds since the request, y in rows.
struct ArrivalLine
{
    QString name;
    int variant = 0; ///< in the plan
    QList<QPointF> median;
    /// Of the runs that were furthest and least far at each moment; empty: there is but one run.
    QList<QPointF> most;
    QList<QPointF> least; ///< as many as `most`
    bool isLive = false;  ///< of the run under way

    bool operator==(const ArrivalLine &) const = default;
};

/// The seconds at which a line reaches `rows`, between two of its points; `points` is not empty.
[[nodiscard]] double secondsAt(const QList<QPointF> &points, double rows);
/// The rows that a line has at a moment; none before its first point.
[[nodiscard]] double rowsAt(const QList<QPointF> &points, double seconds);

} // namespace freshet::ui
