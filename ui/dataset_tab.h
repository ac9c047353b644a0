// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset_session.h"
#include "grid/grid_source.h"
#include "grid/selection_summary.h"

#include <QWidget>

#include <optional>

class QSplitter;

namespace freshet::ui {

class CellInspector;
class DatasetGrid;
class ErrorBanner;
class ProgressLine;
class StatusLine;
class Theme;
class TransferStrip;
class VerdictLine;
class ViewBar;
class WindowState;

/// One dataset: progress line, transfer strip or verdict line, errors, the bar of what is shown,
/// the grid, and the inspector beside it.
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
    /// Say everything again to the status line, which has served another tab.
    void tellStatus(StatusLine &status) const;

Q_SIGNALS:
    void exportRequested();
    void resumeRequested();
    void dequeueRequested();
    void inspectorToggled(bool isOpen);
    /// Position, selection or disk changed.
    void statusChanged();
    void said(const QString &words);

private:
    void build();
    void connectGrid();
    void connectSession();
    void updateStyle();
    void updateRows();
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
    QSplitter *m_splitter;
    DatasetGrid *m_grid;
    CellInspector *m_inspector;
    std::optional<std::uint64_t> m_generation;
    std::optional<RowIndex> m_row;
    SelectionSummary m_selection;
    bool m_hasColumns = false;
};

} // namespace freshet::ui
