// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPen>
#include <QPointF>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QAreaSeries;
class QChart;
class QLineSeries;
class QValueAxis;
QT_END_NAMESPACE

namespace freshet::ui {

class ArrivalChartView;
class ChartLegend;
class Theme;

/// How the rows of one variant arrived: x in seconds since the request, y in rows.
struct ArrivalLine
{
    QString name;
    int color = 0; ///< for `seriesColor`
    QList<QPointF> median;
    /// Of the runs that were furthest and least far at each moment; empty: there is but one run.
    QList<QPointF> most;
    QList<QPointF> least; ///< as many as `most`

    bool operator==(const ArrivalLine &) const = default;
};

/// Rows against time for all variants in one chart: a line for the median, a band from the fastest
/// to the slowest run. The pointer shows the figures of the nearest line; dragging or the wheel
/// zooms into a span of time, a double click shows all again.
/// Threads: GUI thread only.
class ArrivalChart : public QWidget
{
    Q_OBJECT
public:
    explicit ArrivalChart(const Theme &theme, QWidget *parent = nullptr);
    ~ArrivalChart() override;

    void setLines(QList<ArrivalLine> lines);
    [[nodiscard]] const QList<ArrivalLine> &lines() const { return m_lines; }
    /// The variant that stands out; -1: none.
    void setCurrent(int line);
    void resetZoom();
    /// `factor` > 1 zooms in around `atSeconds`.
    void zoom(double factor, double atSeconds);
    [[nodiscard]] std::pair<double, double> shownSeconds() const;
    /// What is said of the line nearest to a point of the chart's coordinates; empty: none is near.
    [[nodiscard]] QString factsAt(const QPointF &position, int *line = nullptr) const;

    /// The chart as it is shown, below its whole legend. Output: whether it could be written whole.
    [[nodiscard]] bool saveSvg(const QString &file) const;
    [[nodiscard]] bool savePng(const QString &file) const;

Q_SIGNALS:
    void lineClicked(int line);

private:
    friend class ArrivalChartView;

    void rebuild();
    void updateLooks();
    void updateAxes();
    [[nodiscard]] QPen penOf(qsizetype line) const;
    void paintPicture(QPainter &painter) const;
    [[nodiscard]] QSize pictureSize() const;
    [[nodiscard]] double lastSecond() const;
    [[nodiscard]] double mostRows() const;

    const Theme &m_theme;
    QList<ArrivalLine> m_lines;
    int m_current = -1;
    QChart *m_chart;
    ArrivalChartView *m_view;
    ChartLegend *m_legend;
    QValueAxis *m_seconds;
    QValueAxis *m_rows;
    QList<QLineSeries *> m_medians;
    QList<QAreaSeries *> m_bands; ///< null where a line has no band
    bool m_isZoomed = false;
};

} // namespace freshet::ui
