// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_run.h"
#include "task_runner.h"

#include <QTimer>

#include <filesystem>

namespace freshet::ui {

/// Runs one lab session at a time and tells the window of it thirty times a second.
/// Threads: GUI thread only. Lifetime: the destructor cancels and waits up to 200 ms.
class LabDriver : public QObject
{
    Q_OBJECT
public:
    explicit LabDriver(QObject *parent = nullptr);
    ~LabDriver() override;

    /// `ticked` follows, or `failed`. While a session runs nothing happens.
    void start(lab::LabPlan plan, const std::filesystem::path &library);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_isStarting || m_run != nullptr; }
    /// As of the last `ticked`.
    [[nodiscard]] const lab::LabProgress &progress() const { return m_progress; }
    /// The runs so far.
    [[nodiscard]] lab::LabSession session() const;

Q_SIGNALS:
    void ticked();
    /// One more run is among `session()`.
    void runMade();
    /// All are made, or it was cancelled; `session()` has been saved if any run is in it.
    void finished(const freshet::lab::LabSession &session);
    void failed(const freshet::Error &error);

private:
    void poll();

    std::unique_ptr<lab::LabRun> m_run;
    lab::LabProgress m_progress;
    QTimer m_timer;
    TaskRunner m_runner;
    bool m_isStarting = false;
};

} // namespace freshet::ui
