// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/scripted_run.h"

#include "cli/error_text.h"
#include "cli/standard_output.h"
#include "text/dataset_text.h"

#include <QPixmap>
#include <QTimer>

namespace freshet::gui {

namespace {

using namespace std::chrono_literals;

/// The picture while running is taken when this share is there, or so long after the first rows.
constexpr double kRunningShare = 0.3;
constexpr auto kRunningTime = 500ms;
/// Cells that came last are read on a worker; they are on the screen after a few frames.
constexpr auto kLastFrames = 300ms;
constexpr QSize kPictureSize(1360, 850);

cli::GetSummary summaryOf(const ui::DatasetSession &session)
{
    cli::GetSummary summary;
    summary.record = session.record();
    summary.schema = session.dataset()->snapshot().schema();
    if (session.progress()) {
        summary.progress = *session.progress();
        return summary;
    }
    const auto &record = session.record();
    summary.progress.rows = record.rows;
    summary.progress.wireBytes = record.wireBytes;
    summary.progress.verdict = transfer::Verdict{
        transfer::verdictByName(record.verdict).value_or(transfer::VerdictKind::Incomplete),
        record.evidence};
    return summary;
}

} // namespace

ScriptedRun::ScriptedRun(ui::MainWindow &window, const LaunchOptions &options)
    : m_window(window),
      m_options(options),
      m_awaited(options.operands.size() + (options.isDemo ? 1 : 0))
{
    // Where there is no display, the screen is smaller than any real one.
    if (!options.screenshot.isEmpty() || !options.screenshotRunning.isEmpty())
        window.resize(kPictureSize);
    auto &sessions = window.sessions();
    connect(&sessions, &ui::SessionList::ticked, this, &ScriptedRun::onTicked);
    connect(&sessions, &ui::SessionList::finished, this, &ScriptedRun::onSettled);
    connect(&sessions, &ui::SessionList::opened, this, &ScriptedRun::onSettled);
    connect(&sessions, &ui::SessionList::failed, this, &ScriptedRun::onFailed);
    connect(&m_job, &ui::ExportJob::succeeded, this, [this](const exporters::ExportReport &report) {
        m_summaries.back().saved.push_back(report);
        ++m_saved;
        saveNext();
    });
    connect(&m_job, &ui::ExportJob::failed, this, [this](const Error &error) {
        cli::printError(error, m_options.saves[m_saved].file.string());
        m_summaries.back().saveError = error;
        finish();
    });
}

void ScriptedRun::onTicked(ui::DatasetSession *session)
{
    if (m_hasRunningPicture || m_options.screenshotRunning.isEmpty())
        return;
    const auto &progress = *session->progress();
    const auto fraction = ui::fractionOf(progress);
    const bool isDue = progress.rows.value() > 0 &&
                       (fraction ? *fraction >= kRunningShare : progress.elapsed >= kRunningTime);
    if (!isDue || transfer::isFinal(progress.state))
        return;
    m_hasRunningPicture = true;
    // After this tick's rows have been painted.
    QTimer::singleShot(0, this, [this] {
        if (!takePicture(m_options.screenshotRunning))
            m_worst = cli::ExitCode::LocalFailure;
    });
}

void ScriptedRun::onSettled(ui::DatasetSession *session)
{
    if (session->isRunning() || m_awaited == 0)
        return;
    m_summaries.push_back(summaryOf(*session));
    m_toSave = session;
    if (--m_awaited == 0)
        saveNext();
}

void ScriptedRun::onFailed(const Error &error)
{
    if (m_awaited == 0)
        return;
    cli::printError(error);
    m_worst = std::max(m_worst, cli::exitCodeFor(error.code));
    if (--m_awaited == 0)
        saveNext();
}

void ScriptedRun::saveNext()
{
    if (m_toSave == nullptr || m_saved == m_options.saves.size()) {
        finish();
        return;
    }
    const auto &target = m_options.saves[m_saved];
    m_job.start(m_toSave->dataset()->snapshot(), m_toSave->record(), target.file, target.options);
}

void ScriptedRun::finish()
{
    QTimer::singleShot(kLastFrames, this, [this] {
        for (const auto &summary : m_summaries)
            m_worst = std::max(m_worst, cli::exitCodeFor(summary));
        tell();
        if (!m_options.screenshot.isEmpty() && !takePicture(m_options.screenshot))
            m_worst = std::max(m_worst, cli::ExitCode::LocalFailure);
        Q_EMIT done(static_cast<int>(m_worst));
    });
}

void ScriptedRun::tell()
{
    std::string text;
    for (const auto &summary : m_summaries)
        text += cli::summaryText(summary);
    for (const QString &file : {m_options.screenshotRunning, m_options.screenshot}) {
        if (!file.isEmpty())
            text += "screenshot " + file.toStdString() + '\n';
    }
    const auto written = cli::writeOutput(text).and_then(cli::flushOutput);
    if (!written) {
        cli::printError(written.error());
        m_worst = std::max(m_worst, cli::ExitCode::LocalFailure);
    }
}

bool ScriptedRun::takePicture(const QString &file)
{
    if (m_window.grab().save(file))
        return true;
    cli::printError(Error{.code = ErrorCode::IoError, .detail = "the picture was not written"},
                    file.toStdString());
    return false;
}

} // namespace freshet::gui
