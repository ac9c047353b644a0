// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTest>

namespace freshet::test {

/// What a run of freshet-cli left behind.
struct CliRun
{
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;

    [[nodiscard]] const QJsonObject json() const
    {
        return QJsonDocument::fromJson(output).object();
    }
    [[nodiscard]] QList<QByteArray> lines() const
    {
        QList<QByteArray> all = output.split('\n');
        if (!all.isEmpty() && all.back().isEmpty())
            all.pop_back();
        return all;
    }
};

/// Runs freshet-cli on a library of its own.
class CliProcess
{
public:
    explicit CliProcess(const QString &library) : m_library(library) {}

    [[nodiscard]] static QString program()
    {
        return QDir(qEnvironmentVariable("FRESHET_BIN", QStringLiteral(".")))
            .filePath(QStringLiteral("freshet-cli"));
    }

    /// Start `command` with the library's option behind it.
    void start(QProcess &process, const QString &command, const QStringList &arguments) const
    {
        QStringList words{command};
        if (command != QStringLiteral("demo"))
            words << QStringLiteral("--library") << m_library;
        process.start(program(), words + arguments);
    }

    [[nodiscard]] static CliRun finish(QProcess &process)
    {
        if (process.state() == QProcess::NotRunning && process.error() == QProcess::FailedToStart)
            qFatal("%s cannot be started", qPrintable(program()));
        // A sanitizer makes it slower by far; nothing here is a measurement.
        if (!process.waitForFinished(100'000))
            qFatal("freshet-cli does not end");
        CliRun run;
        run.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
        run.output = process.readAllStandardOutput();
        run.errors = process.readAllStandardError();
        return run;
    }

    [[nodiscard]] CliRun run(const QString &command, const QStringList &arguments) const
    {
        QProcess process;
        start(process, command, arguments);
        return finish(process);
    }

private:
    QString m_library;
};

} // namespace freshet::test
