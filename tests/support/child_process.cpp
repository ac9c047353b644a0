// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/child_process.h"

#include <csignal>
#include <sys/prctl.h>

namespace freshet::test {

ChildProcess::ChildProcess()
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

void ChildProcess::setModifier(std::function<void()> modifier)
{
    m_process.setChildProcessModifier([modifier = std::move(modifier)] {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        modifier();
    });
}

std::optional<int> ChildProcess::waitForEnd(int timeoutMs)
{
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(timeoutMs))
        return std::nullopt;
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

ChildProcess::~ChildProcess()
{
    stop();
}

bool ChildProcess::start(const QString &program, const QStringList &arguments)
{
    m_process.start(program, arguments);
    return m_process.waitForStarted();
}

bool ChildProcess::isRunning()
{
    return m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(0);
}

void ChildProcess::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(5'000))
        kill();
}

void ChildProcess::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

QByteArray ChildProcess::output()
{
    return m_process.readAll();
}

ChildProcess::Ended ChildProcess::run(const QString &program, const QStringList &arguments,
                                      int timeoutMs)
{
    ChildProcess child;
    if (!child.start(program, arguments))
        return {-1, child.m_process.errorString().toUtf8()};
    const bool isFinished = child.m_process.waitForFinished(timeoutMs);
    const bool isGood = isFinished && child.m_process.exitStatus() == QProcess::NormalExit;
    return {isGood ? child.m_process.exitCode() : -1, child.output()};
}

} // namespace freshet::test
