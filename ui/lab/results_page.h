// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/arrival_chart.h"
#include "lab/lab_figures.h"
#include "lab/lab_run.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSortFilterProxyModel;
class QTableView;

namespace freshet::ui {

class ElidedLabel;
class ProgressLine;
class SummaryModel;
class Theme;

/// The middle of the lab: how it stands, the chart, what it is compared with, and the table.
/// Threads: GUI thread only.
class ResultsPage : public QWidget
{
    Q_OBJECT
public:
    explicit ResultsPage(const Theme &theme, QWidget *parent = nullptr);

    void setFigures(const LabFiguresPtr &figures);
    /// While runs are made; `isFinished` takes the progress away.
    void setProgress(const lab::LabProgress &progress, const lab::LabPlan &plan);
    void setCurrent(int variant);
    /// Sessions that the one shown can be held against, newest first.
    void offerEarlier(const std::vector<lab::SessionEntry> &entries);
    [[nodiscard]] ArrivalChart *chart() const { return m_chart; }
    [[nodiscard]] QTableView *table() const { return m_table; }

protected:
    void resizeEvent(QResizeEvent *event) override;

Q_SIGNALS:
    void currentChanged(int variant);
    /// Empty: with none.
    void compareRequested(const QString &sessionId);

private:
    void buildTable();
    [[nodiscard]] QWidget *buildComparison();
    void updateComparison();
    void chooseColumns(const QPoint &position);
    void fitTable();
    void fitColumns();
    void fitTableHeight();
    [[nodiscard]] int wholeTableHeight() const;
    [[nodiscard]] bool haveAllTheSameRuns() const;
    void updateLines();
    void updateFonts();

    const Theme &m_theme;
    LabFiguresPtr m_figures;
    ArrivalLine m_live; ///< of the run under way
    QLabel *m_title;
    ElidedLabel *m_subtitle;
    ProgressLine *m_progress;
    ArrivalChart *m_chart;
    SummaryModel *m_model;
    QSortFilterProxyModel *m_sorted;
    QTableView *m_table;
    QList<int> m_widths;             ///< that the columns want
    bool m_areColumnsChosen = false; ///< by the user
    QWidget *m_comparison;
    QComboBox *m_earlier;
};

} // namespace freshet::ui
