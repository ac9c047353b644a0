// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset_session.h"
#include "grid/grid_source.h"
#include "grid/selection_summary.h"

#include <QWidget>

#include <optional>

class QSplitter;
class QStackedWidget;

namespace freshet::ui {

class BadRowsPage;
class CellInspector;
class DatasetGrid;
class ErrorBanner;
class ProgressLine;
class RunsPage;
class StatusLine;
class Theme;
class TransferStrip;
class VerdictLine;
class ViewBar;
enum class TabPage;
class WindowState;

/// One dataset: progress line, transfer strip or verdict line, errors, the bar of what is shown,
/// and one of its pages: the grid with the inspector beside it, the bad rows, or the runs.
class DatasetTab : public QWidget
{
    Q_OBJECT
public:
    /// The session outlives the tab.
    DatasetTab(DatasetSession *session, const Theme &theme, WindowState &state,
               QWidget *parent = nullptr);

    [[nodiscard]] DatasetSession *session() const { return m_session; }
    [[nodiscard]] DatasetGrid *grid() const { return m_grid; }
    [[nodiscard]] ErrorBanner *banner() const { return m_banner; }
    [[nodiscard]] QWidget *inspector() const;
    [[nodiscard]] bool isInspectorOpen() const;
    void setInspectorOpen(bool isOpen);
    void showDetails();
    /// Pause, or read on.
    void togglePause();
    void showPage(TabPage page);
    /// Which page there is to go to.
    [[nodiscard]] bool hasPage(TabPage page) const;
    [[nodiscard]] QWidget *page(TabPage page) const;
    /// Say everything again to the status line, which has served another tab.
    void tellStatus(StatusLine &status) const;

Q_SIGNALS:
    void exportRequested();
    void resumeRequested();
    void anewRequested();
    void dequeueRequested();
    void inspectorToggled(bool isOpen);
    /// Position, selection or disk changed.
    void statusChanged();
    void said(const QString &words);

private:
    void build();
    void connectGrid();
    void connectSession();
    void connectPages();
    void addBadRows();
    void updateBadRows();
    void updateStyle();
    void updateRows();
    void showSnapshot(const store::DatasetSnapshot &snapshot);
    void updateVerdict();
    void showFinalError();
    void restoreColumns();
    void updateInspector();
    void keepCurrentInView();

    DatasetSession *m_session;
    const Theme &m_theme;
    WindowState &m_state;
    ProgressLine *m_progress;
    TransferStrip *m_strip;
    VerdictLine *m_verdict;
    ErrorBanner *m_banner;
    ViewBar *m_bar;
    QStackedWidget *m_pages;
    QSplitter *m_splitter;
    DatasetGrid *m_grid;
    CellInspector *m_inspector;
    RunsPage *m_runs;
    bool m_hasRuns = false;           ///< more than one, which alone is worth a page
    BadRowsPage *m_badRows = nullptr; ///< made when there is something for it to show
    std::int64_t m_badRowCount = 0;
    std::optional<std::uint64_t> m_generation;
    std::optional<std::uint64_t> m_numbering;
    std::optional<RowIndex> m_row;
    SelectionSummary m_selection;
    bool m_hasColumns = false;
};

} // namespace freshet::ui
