// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_figures.h"
#include "task_runner.h"

#include <QWidget>

#include <functional>

class QStackedWidget;

namespace freshet::ui {

class FindingsPanel;
class LabDriver;
class LabList;
class LabSaver;
class LabSide;
class ResultsPage;
class SetupPage;
class Theme;
class VariantModel;
class WindowState;

/// One lab session from setting up to its result: variants and set-up at the left, in the middle
/// first the choices and then chart and table, findings at the right.
/// Threads: GUI thread only. Lifetime: closing it cancels what runs; the runs so far are kept.
class LabTab : public QWidget
{
    Q_OBJECT
public:
    LabTab(LabList &sessions, const Theme &theme, WindowState &state, QWidget *parent = nullptr);
    ~LabTab() override;

    /// Set up a session of variants of this request.
    void setUp(const transfer::DownloadRequest &base);
    /// Show one of the library's sessions.
    void open(const QString &sessionId);
    /// Run the plan that is chosen, or the one that is shown once more.
    void start();
    /// Run the session that is being opened once more.
    void repeat();
    /// Hold the session that is shown or being opened against another one; empty: against none.
    void compareWith(const QString &sessionId);
    void cancel();
    [[nodiscard]] bool isRunning() const;
    /// Of the session shown, under way or being opened; empty while none is.
    [[nodiscard]] QString sessionId() const;
    [[nodiscard]] QString title() const;
    [[nodiscard]] SetupPage *setupPage() const { return m_setup; }
    [[nodiscard]] ResultsPage *results() const { return m_results; }
    [[nodiscard]] FindingsPanel *findings() const { return m_findings; }
    [[nodiscard]] const LabFiguresPtr &figures() const { return m_figures; }

Q_SIGNALS:
    void titleChanged();
    void failed(const freshet::Error &error, const QString &source);
    void said(const QString &words);
    /// The figures of a session are on the screen.
    void shown();

private:
    void show(lab::LabSession session, std::optional<lab::LabSession> before);
    void showSetup();
    void setFigures(LabFiguresPtr figures);
    /// Now, or when the session that is being opened is there.
    void onceOpen(std::function<void()> action);
    void run(lab::LabPlan plan);
    void askForSecrets(lab::LabPlan plan);
    void setCurrent(int variant);
    void updateSide();
    void offerEarlier();

    LabList &m_sessions;
    const Theme &m_theme;
    LabDriver *m_driver;
    VariantModel *m_variants;
    LabSide *m_side;
    QStackedWidget *m_middle;
    SetupPage *m_setup;
    ResultsPage *m_results;
    FindingsPanel *m_findings;
    LabSaver *m_saver;
    lab::LabPlan m_plan;
    LabFiguresPtr m_figures;
    QString m_opening; ///< the session that is being read
    std::function<void()> m_onceOpen;
    int m_current = -1;
    TaskRunner m_runner;
};

} // namespace freshet::ui
