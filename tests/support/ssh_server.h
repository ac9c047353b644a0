// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/child_process.h"

#include <QString>
#include <QTemporaryDir>

namespace freshet::test {

/// OpenSSH's server on a free port of 127.0.0.1 with host keys, user keys and configuration of its
/// own in a temporary folder; it lets the user in who runs the test, by key, and serves SFTP only.
/// It ends with the object.
class SshServer
{
public:
    [[nodiscard]] static bool isInstalled();
    /// Start and wait until it answers. False with a warning if that fails.
    [[nodiscard]] bool start();
    /// Go on under another host key, as a stranger would, on the same port.
    [[nodiscard]] bool restartAsAnother();

    /// `path` is absolute; `port` is of a proxy in between, if there is one.
    [[nodiscard]] QString url(const QString &path, int port = 0) const;
    /// Have its host key known at the port of a proxy too.
    [[nodiscard]] bool beKnownAt(int port) const;
    [[nodiscard]] QString user() const;
    [[nodiscard]] QString userKey() const { return m_home.filePath(QStringLiteral("user_key")); }
    /// A key that the server does not know.
    [[nodiscard]] QString strangerKey() const
    {
        return m_home.filePath(QStringLiteral("stranger_key"));
    }
    /// With the host key that the server began with.
    [[nodiscard]] QString knownHosts() const
    {
        return m_home.filePath(QStringLiteral("known_hosts"));
    }
    [[nodiscard]] quint16 port() const { return m_port; }

private:
    [[nodiscard]] bool launch(const QString &hostKey);

    QTemporaryDir m_home;
    quint16 m_port = 0;
    ChildProcess m_process;
};

} // namespace freshet::test
