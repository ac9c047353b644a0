// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/get_summary.h"
#include "export_job.h"
#include "gui/launch_options.h"
#include "main_window.h"

#include <QObject>

namespace freshet::gui {

/// Carries out what the command line asks of a window: wait for the verdicts, save, take a picture,
/// tell stdout, leave with the command line's exit codes.
/// Threads: GUI thread only. Lifetime: `window` and `options` outlive it.
class ScriptedRun : public QObject
{
    Q_OBJECT
public:
    ScriptedRun(ui::MainWindow &window, const LaunchOptions &options);

Q_SIGNALS:
    /// All is done; the program is to leave with this code if it was asked to leave.
    void done(int exitCode);

private:
    void onTicked(ui::DatasetSession *session);
    void onSettled(ui::DatasetSession *session);
    void onFailed(const Error &error);
    void saveNext();
    void finish();
    void tell();
    [[nodiscard]] bool takePicture(const QString &file);

    ui::MainWindow &m_window;
    const LaunchOptions &m_options;
    ui::ExportJob m_job;
    std::size_t m_awaited;
    std::size_t m_saved = 0;
    bool m_hasRunningPicture = false;
    cli::ExitCode m_worst = cli::ExitCode::Done;
    std::vector<cli::GetSummary> m_summaries;
    ui::DatasetSession *m_toSave = nullptr;
};

} // namespace freshet::gui
