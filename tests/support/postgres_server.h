// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/child_process.h"

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <string>

namespace freshet::test {

/// A real PostgreSQL on 127.0.0.1 and a Unix socket, with a cluster of its own in a temporary
/// folder; both end with the object. Started by root it runs as `nobody`, for it refuses root.
///
/// Roles: `postgres`, who needs no password, and `guarded`, who has the password `p@ss word/1`.
/// TLS is on, with a certificate that `certificateFile` vouches for.
/// Threads: one thread at a time.
class PostgresServer
{
public:
    PostgresServer() = default;
    ~PostgresServer();
    PostgresServer(const PostgresServer &) = delete;
    PostgresServer &operator=(const PostgresServer &) = delete;

    /// Whether Debian's package is there; tests skip where not.
    [[nodiscard]] static bool isInstalled();
    /// Make a cluster, start, and wait until it answers. False with a warning if that fails.
    [[nodiscard]] bool start();
    /// Stop at once, as after a crash, and start again on the same port.
    [[nodiscard]] bool restartImmediately();

    /// Run statements by psql, with more options in front. Output: what it prints, unaligned and
    /// without names. Ends the test program if they fail.
    QString run(const QString &sql, const QStringList &options = {}) const;
    [[nodiscard]] bool tryRun(const QString &sql) const;

    [[nodiscard]] quint16 port() const { return m_port; }
    /// Holds the socket.
    [[nodiscard]] QString folder() const { return m_home.path(); }
    [[nodiscard]] QString certificateFile() const { return m_certificateFile; }
    /// `postgresql://postgres@127.0.0.1:PORT/postgres`.
    [[nodiscard]] std::string url() const;
    /// The same through the socket.
    [[nodiscard]] std::string socketUrl() const;
    [[nodiscard]] static QString program(const QString &name);

private:
    [[nodiscard]] bool makeCluster();
    [[nodiscard]] bool launch();
    void end(int signal);
    [[nodiscard]] QStringList psqlOptions(const QString &sql) const;

    QTemporaryDir m_home;
    QString m_certificateFile;
    quint16 m_port = 0;
    ChildProcess m_process;
};

} // namespace freshet::test
