// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_driver.h"

#include "access/remote_access.h"
#include "lab/plan_preparation.h"

namespace freshet::ui {

namespace {

constexpr int kPollMs = 33;

Result<std::unique_ptr<lab::LabRun>> startRun(lab::LabPlan plan,
                                              const std::filesystem::path &library)
{
    const auto access = [](transport::ByteRequest &bytes, const std::vector<std::string> &places) {
        return access::completeAccess(bytes, places, access::environmentVariable);
    };
    FRESHET_TRY(lab::preparePlan(plan, access, CancelToken()));
    return lab::LabRun::start(std::move(plan), {.library = library, .transfer = {}});
}

} // namespace

LabDriver::LabDriver(QObject *parent) : QObject(parent)
{
    m_timer.setInterval(kPollMs);
    connect(&m_timer, &QTimer::timeout, this, &LabDriver::poll);
}

LabDriver::~LabDriver() = default;

void LabDriver::start(lab::LabPlan plan, const std::filesystem::path &library)
{
    if (isRunning())
        return;
    m_isStarting = true;
    m_progress = {};
    m_runner.run(
        [plan = std::move(plan), library]() mutable { return startRun(std::move(plan), library); },
        [this](Result<std::unique_ptr<lab::LabRun>> run) {
            m_isStarting = false;
            if (!run) {
                Q_EMIT failed(run.error());
                return;
            }
            m_run = std::move(*run);
            m_timer.start();
            poll();
        });
}

void LabDriver::cancel()
{
    if (m_run)
        m_run->cancel();
}

lab::LabSession LabDriver::session() const
{
    return m_run ? m_run->session() : lab::LabSession{};
}

void LabDriver::poll()
{
    const std::size_t before = m_progress.runs.size();
    m_progress = m_run->progress();
    Q_EMIT ticked();
    if (m_progress.runs.size() > before && !m_progress.isFinished)
        Q_EMIT runMade();
    if (!m_progress.isFinished)
        return;
    m_timer.stop();
    const auto session = m_run->session();
    m_run.reset();
    if (m_progress.error)
        Q_EMIT failed(*m_progress.error);
    Q_EMIT finished(session);
}

} // namespace freshet::ui
