// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>

#include <functional>
#include <optional>

namespace freshet::test {

/// A program that a test starts and that never outlives it: ended by its own pid in the destructor,
/// and by the kernel should the test die first.
///
/// Threads: one thread at a time, the one that started it.
class ChildProcess
{
public:
    ChildProcess();
    ~ChildProcess();
    ChildProcess(const ChildProcess &) = delete;
    ChildProcess &operator=(const ChildProcess &) = delete;

    /// Start; standard output and error are kept together for `output()`. False if it cannot be.
    [[nodiscard]] bool start(const QString &program, const QStringList &arguments);
    /// Where a program is to be run, or under which limits: called in the child before it begins.
    void setModifier(std::function<void()> modifier);
    /// Wait until it ends by itself. Output: its exit code (-1 if it crashed), nothing on time-out.
    [[nodiscard]] std::optional<int> waitForEnd(int timeoutMs);
    /// Whether it still runs.
    [[nodiscard]] bool isRunning();
    /// Ask it to end (SIGTERM), wait, and kill it if it does not listen.
    void stop();
    /// End it at once (SIGKILL), as a crash would.
    void kill();
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }
    [[nodiscard]] QByteArray output();

    struct Ended
    {
        int exitCode = -1; ///< -1 if it could not be started, crashed or took too long
        QByteArray output;
    };
    /// Run a program to its end.
    [[nodiscard]] static Ended run(const QString &program, const QStringList &arguments,
                                   int timeoutMs = 60'000);

private:
    QProcess m_process;
};

} // namespace freshet::test
