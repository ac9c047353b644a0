// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/trial.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QScrollArea;
class QStackedWidget;

namespace freshet::ui {

class DatasetGrid;
class DetailList;
class ElidedLabel;
class ErrorBanner;
class ProgressLine;
class Theme;

/// The lower half of the source dialog: the button that tries the request, its first rows in the
/// grid, and beside them an explanation of what was found out; or what went wrong, where, and what
/// to do about it.
class TrialView : public QWidget
{
    Q_OBJECT
public:
    explicit TrialView(const Theme &theme, QWidget *parent = nullptr);

    void start(const transfer::DownloadRequest &request);
    [[nodiscard]] const Trial &trial() const { return *m_trial; }
    [[nodiscard]] const DetailList &explanation() const { return *m_explanation; }

Q_SIGNALS:
    /// The button was pressed; `start` is to follow if the request can be made.
    void tryRequested();
    /// The first trial begins, which needs more room than the button.
    void opened();
    /// Null: those told before hold no longer.
    void found(const freshet::ui::TrialFindings *findings);

private:
    void build();
    void showRows();
    void showEnd();
    void updateLook();
    void updateButton();

    const Theme &m_theme;
    Trial *m_trial;
    QPushButton *m_try;
    ElidedLabel *m_state;
    ProgressLine *m_progress;
    ErrorBanner *m_banner;
    QStackedWidget *m_pages;
    QLabel *m_empty;
    DatasetGrid *m_grid;
    DetailList *m_explanation;
    QScrollArea *m_scroll;
    std::optional<std::int64_t> m_shown; ///< rows in the grid
};

} // namespace freshet::ui
