// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/arrival_looks.h"
#include "lab/arrival_series.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace freshet::ui {

class ArrivalChartView;
class ChartLegend;
class RunOnMarks;
class Theme;

/// Rows against time for all variants in one chart: a line for the median, a band from the fastest
/// to the slowest run. Of many lines the quickest have a colour, and only the one that is chosen or
/// pointed at has a band. The chart covers the bulk of the lines' time until all is asked for
/// (`lab::ChartFocus`). The pointer shows the figures of the nearest line; dragging or the wheel
/// zooms into a span of time, a double click goes back.
/// Threads: GUI thread only.
class ArrivalChart : public QWidget
{
    Q_OBJECT
public:
    explicit ArrivalChart(const Theme &theme, QWidget *parent = nullptr);
    ~ArrivalChart() override;

    void setLines(QList<ArrivalLine> lines);
    [[nodiscard]] const QList<ArrivalLine> &lines() const { return m_lines; }
    [[nodiscard]] const lab::ChartFocus &focus() const { return m_looks.focus(); }
    /// The line that stands out; -1: none.
    void setCurrent(int line);
    void setHovered(int line);

    /// Show the lines' bulk, which is where the chart begins.
    void resetZoom();
    /// Show all to the last row of the slowest.
    void showWhole();
    /// `factor` > 1 zooms in around `atSeconds`.
    void zoom(double factor, double atSeconds);
    [[nodiscard]] std::pair<double, double> shownSeconds() const;
    /// What runs on behind the bulk that is shown; empty: nothing, or another span is shown.
    [[nodiscard]] QString note() const;
    /// What is said of the line nearest to a point of the chart's coordinates; empty: none is near.
    [[nodiscard]] QString factsAt(const QPointF &position, int *line = nullptr) const;

    /// The chart as it is shown, below its whole legend. Output: whether it could be written whole.
    [[nodiscard]] bool saveSvg(const QString &file) const;
    [[nodiscard]] bool savePng(const QString &file) const;

Q_SIGNALS:
    void lineClicked(int line);

private:
    friend class ArrivalChartView;
    enum class Shown { Bulk, Whole, Span };

    [[nodiscard]] QWidget *buildNote();
    void updateLooks();
    void updateFront();
    void updateAxes();
    void updateNote();
    void stepBack();
    [[nodiscard]] double bulkSeconds() const;
    [[nodiscard]] double wholeSeconds() const;
    [[nodiscard]] double mostRows() const;

    const Theme &m_theme;
    QList<ArrivalLine> m_lines;
    int m_current = -1;
    int m_hovered = -1;
    Shown m_shown = Shown::Bulk;
    QChart *m_chart;
    ArrivalChartView *m_view;
    ChartLegend *m_legend;
    QLabel *m_note;
    QPushButton *m_span; ///< shows all, or the bulk again
    QValueAxis *m_seconds;
    QValueAxis *m_rows;
    ArrivalLooks m_looks;
    RunOnMarks *m_marks;
    ArrivalSeries m_series;
};

} // namespace freshet::ui
