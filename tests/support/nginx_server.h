// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/child_process.h"

#include <QString>
#include <QTemporaryDir>

#include <optional>

namespace freshet::test {

/// A real nginx on 127.0.0.1 that serves a folder over plain HTTP/1.1, over TLS (HTTP/1.1 only),
/// over TLS with HTTP/2 and over HTTP/2 in plain text, with ranges and ETags; it ends with the
/// object.
///
/// Everything it writes lies in a temporary folder. It runs as one process without a master.
class NginxServer
{
public:
    struct Options
    {
        QString folder;          ///< served as /
        bool gzipStatic = false; ///< answer with FILE.gz to who accepts gzip
        /// More directives for each server block; `%HOME%` stands for a folder that nginx may write
        /// to.
        QString extraServer;
    };

    NginxServer() = default;
    /// Start and wait until it answers. False with a warning if that fails; tests then skip where
    /// nginx is not installed (`isInstalled`).
    [[nodiscard]] bool start(const Options &options);
    [[nodiscard]] static bool isInstalled();
    /// Start again on the same ports with the same options, after `process().stop()` or a kill.
    [[nodiscard]] bool restart();
    /// The folder that `%HOME%` stands for.
    [[nodiscard]] QString home() const { return m_home.path(); }

    enum class Scheme { Plain, Tls, Http2, PlainHttp2 };
    [[nodiscard]] QString url(Scheme scheme, const QString &path) const;
    [[nodiscard]] int port(Scheme scheme) const { return m_ports[static_cast<int>(scheme)]; }
    /// PEM file to trust for the TLS ports.
    [[nodiscard]] QString certificateFile() const { return m_certificateFile; }
    [[nodiscard]] ChildProcess &process() { return m_process; }

private:
    [[nodiscard]] bool launch();
    [[nodiscard]] bool waitUntilListening();

    QTemporaryDir m_home;
    QString m_certificateFile;
    quint16 m_ports[4] = {};
    ChildProcess m_process;
};

/// A port on 127.0.0.1 that nobody listens on at the moment.
[[nodiscard]] quint16 freePort();

} // namespace freshet::test
