// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli_process.h"
#include "demo/demo_server.h"

#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace freshet::test {

[[nodiscard]] inline QByteArray readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(path));
    return file.readAll();
}

inline void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("%s cannot be written", qPrintable(path));
}

/// What the tests of the program share: a demo server, and for each test a folder of its own with a
/// library in it.
class CliCase
{
protected:
    void startServer()
    {
        auto server = demo::DemoServer::start();
        if (!server)
            qFatal("%s", server.error().toString().c_str());
        m_server = std::move(*server);
    }
    void makeFolder()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        if (!m_folder->isValid())
            qFatal("no temporary folder");
    }

    [[nodiscard]] QString url(const QString &rest) const
    {
        return QString::fromStdString(m_server->origin()) + rest;
    }
    [[nodiscard]] QString inFolder(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] CliRun run(const QString &command, const QStringList &arguments) const
    {
        return CliProcess(inFolder(QStringLiteral("library"))).run(command, arguments);
    }
    /// Fetch so many rows as the dataset `users`.
    void fetchUsers(int rows) const
    {
        const CliRun got =
            run(QStringLiteral("get"), {url(QStringLiteral("/api/users/stream?rows=%1").arg(rows)),
                                        QStringLiteral("--name"), QStringLiteral("users")});
        if (got.exitCode != 0)
            qFatal("get: %d %s", got.exitCode, got.errors.data());
    }

private:
    std::unique_ptr<demo::DemoServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
};

} // namespace freshet::test
