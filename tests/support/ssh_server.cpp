// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/ssh_server.h"

#include "support/nginx_server.h"

#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QThread>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;

namespace freshet::test {

namespace {

constexpr int kStartTimeoutMs = 20'000;

QString program(const QString &name)
{
    return QStandardPaths::findExecutable(
        name, {u"/usr/sbin"_s, u"/usr/bin"_s, u"/usr/local/sbin"_s, u"/usr/local/bin"_s});
}

bool makeKey(const QString &file)
{
    return ChildProcess::run(program(u"ssh-keygen"_s),
                             {u"-q"_s, u"-t"_s, u"ed25519"_s, u"-N"_s, QString(), u"-f"_s, file})
               .exitCode == 0;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

QByteArray knownHostLine(int port, const QByteArray &publicKey)
{
    return "[127.0.0.1]:" + QByteArray::number(port) + ' ' + publicKey;
}

} // namespace

bool SshServer::isInstalled()
{
    return !program(u"sshd"_s).isEmpty() && !program(u"ssh-keygen"_s).isEmpty();
}

QString SshServer::user() const
{
    const passwd *const entry = ::getpwuid(::getuid());
    return entry != nullptr ? QString::fromLocal8Bit(entry->pw_name) : QString();
}

QString SshServer::url(const QString &path, int port) const
{
    return u"sftp://%1@127.0.0.1:%2%3"_s.arg(user(), QString::number(port != 0 ? port : m_port),
                                             path);
}

bool SshServer::beKnownAt(int port) const
{
    const QByteArray key = contentOf(m_home.filePath(u"host_key.pub"_s));
    return write(knownHosts(), contentOf(knownHosts()) + knownHostLine(port, key));
}

bool SshServer::start()
{
    const QString hostKey = m_home.filePath(u"host_key"_s);
    for (const QString &key :
         {hostKey, m_home.filePath(u"other_host_key"_s), userKey(), strangerKey()}) {
        if (!makeKey(key))
            return false;
    }
    if (!write(m_home.filePath(u"authorized_keys"_s), contentOf(userKey() + u".pub"_s)))
        return false;
    // As root, sshd wants a folder that Debian makes when it starts the service.
    if (::getuid() == 0)
        (void)::mkdir("/run/sshd", 0755);
    for (int attempt = 0; attempt < 5; ++attempt) {
        m_port = freePort();
        if (write(knownHosts(), knownHostLine(m_port, contentOf(hostKey + u".pub"_s))) &&
            launch(hostKey))
            return true;
    }
    return false;
}

bool SshServer::restartAsAnother()
{
    m_process.stop();
    return launch(m_home.filePath(u"other_host_key"_s));
}

bool SshServer::launch(const QString &hostKey)
{
    const QString configuration = m_home.filePath(u"sshd_config"_s);
    const QString text =
        u"ListenAddress 127.0.0.1\nPort %1\nHostKey %2\n"
        "AuthorizedKeysFile %3\nPidFile none\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\n"
        "PermitRootLogin prohibit-password\nMaxStartups 100\n"
        "Subsystem sftp internal-sftp\nForceCommand internal-sftp\n"_s.arg(
            QString::number(m_port), hostKey, m_home.filePath(u"authorized_keys"_s));
    if (!write(configuration, text.toUtf8()) ||
        !m_process.start(program(u"sshd"_s), {u"-D"_s, u"-e"_s, u"-f"_s, configuration}))
        return false;
    // Its own word, not a connection: sshd would fork for that, and until the child has closed the
    // listening socket, one that is started anew could not bind to the port.
    QByteArray log;
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < kStartTimeoutMs && m_process.isRunning();) {
        log += m_process.output();
        if (log.contains("Server listening on"))
            return true;
        QThread::msleep(5);
    }
    log += m_process.output();
    qWarning("sshd does not start: %s", log.constData());
    m_process.stop();
    return false;
}

} // namespace freshet::test
