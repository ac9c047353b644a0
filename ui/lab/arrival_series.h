// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/arrival_line.h"

#include <QColor>
#include <QPen>

#include <array>

QT_BEGIN_NAMESPACE
class QAreaSeries;
class QChart;
class QLineSeries;
class QValueAxis;
QT_END_NAMESPACE

namespace freshet::ui {

/// What an ArrivalChart has in its QChart: a line for each variant, a band where it is asked for,
/// and in front of them copies of the two that are looked at. Lines with a colour lie over those
/// without.
/// Threads: GUI thread only. Lifetime: within that of the chart and its axes.
class ArrivalSeries
{
public:
    struct Look
    {
        QPen pen;
        QColor band;            ///< invalid: it has none
        bool isInFront = false; ///< of those that are not
        bool operator==(const Look &) const = default;
    };
    enum class Front { Current, Hovered };

    ArrivalSeries(QChart &chart, QValueAxis &seconds, QValueAxis &rows);

    /// `looks`: one for each line.
    void set(const QList<ArrivalLine> &lines, const QList<Look> &looks);
    /// Draws `line` once more, over all others; null: none.
    void raise(Front front, const ArrivalLine *line, const Look &look);
    /// Where a point of the lines is on the chart.
    [[nodiscard]] QPointF placeOf(const QPointF &point) const;

private:
    struct Band
    {
        QAreaSeries *area = nullptr;
        QLineSeries *upper = nullptr;
        QLineSeries *lower = nullptr;
        void set(const ArrivalLine &line) const;
    };
    [[nodiscard]] bool hasShapeOf(const QList<ArrivalLine> &lines, const QList<Look> &looks) const;
    void rebuild();
    [[nodiscard]] QLineSeries *addLine();
    [[nodiscard]] Band addBand();
    void setLooks() const;

    QChart &m_chart;
    QValueAxis &m_seconds;
    QValueAxis &m_rows;
    QList<ArrivalLine> m_lines;
    QList<Look> m_looks;
    QList<QLineSeries *> m_medians;
    QList<Band> m_bands; ///< null where a line has none
    std::array<QLineSeries *, 2> m_frontLines{};
    std::array<Band, 2> m_frontBands{};
};

} // namespace freshet::ui
