// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli_process.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace freshet::test {

/// Rows [first, end) of `id` and `name` as NDJSON.
[[nodiscard]] inline QByteArray lines(int first, int end)
{
    QByteArray text;
    for (int i = first; i < end; ++i)
        text += R"({"id":)" + QByteArray::number(i) + R"(,"name":"row )" + QByteArray::number(i) +
                "\"}\n";
    return text;
}

/// The same rows as CSV.
[[nodiscard]] inline QByteArray csv(int first, int end)
{
    QByteArray text = "id,name\n";
    for (int i = first; i < end; ++i)
        text += QByteArray::number(i) + ",row " + QByteArray::number(i) + '\n';
    return text;
}

[[nodiscard]] inline QByteArray toldBy(const CliRun &run)
{
    return run.errors + run.output;
}

[[nodiscard]] inline QString evidenceOf(const CliRun &run)
{
    QStringList sentences;
    for (const auto sentence : run.json()[QStringLiteral("evidence")].toArray())
        sentences << sentence.toString();
    return sentences.join(QLatin1Char('\n'));
}

/// A folder with files of rows and a library, and freshet-cli on it.
class FileSandbox
{
public:
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }

    [[nodiscard]] CliRun run(const QString &command, const QStringList &arguments) const
    {
        return CliProcess(path(QStringLiteral("library"))).run(command, arguments);
    }
    [[nodiscard]] CliRun get(QStringList arguments) const
    {
        return run(QStringLiteral("get"),
                   arguments << QStringLiteral("--json") << QStringLiteral("-q"));
    }
    /// `{"n":ROWS,"d":DISTINCT IDS}`.
    [[nodiscard]] QByteArray distinctIds(const QString &dataset) const
    {
        return run(QStringLiteral("sql"),
                   {dataset, QStringLiteral("select count(*) n, count(distinct id) d from data")})
            .output;
    }

    void write(const QString &name, const QByteArray &bytes) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }

    /// `file` with rows [first, end) as Parquet or Arrow, by its name.
    void writeTable(const QString &file, int first, int end) const
    {
        const QString rows = QStringLiteral("rows.tmp.ndjson");
        const QString name = QStringLiteral("tmp");
        write(rows, lines(first, end));
        QVERIFY(QDir().mkpath(QFileInfo(path(file)).path()));
        QCOMPARE(run(QStringLiteral("get"),
                     {path(rows), QStringLiteral("--name"), name, QStringLiteral("--save"),
                      path(file), QStringLiteral("--no-manifest"), QStringLiteral("-q")})
                     .exitCode,
                 0);
        QCOMPARE(run(QStringLiteral("rm"), {name}).exitCode, 0);
        QVERIFY(QFile::remove(path(rows)));
    }

    [[nodiscard]] static bool canZip()
    {
        return !QStandardPaths::findExecutable(QStringLiteral("zip")).isEmpty();
    }
    /// Run zip in the folder.
    [[nodiscard]] bool zip(const QStringList &arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral("zip"), QStringList{QStringLiteral("-q")} + arguments);
        return process.waitForFinished() && process.exitCode() == 0;
    }

private:
    QTemporaryDir m_folder;
};

} // namespace freshet::test
