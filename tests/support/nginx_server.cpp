// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/nginx_server.h"

#include "support/test_certificate.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QThread>

#include <algorithm>
#include <arpa/inet.h>
#include <iterator>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace freshet::test {

namespace {

constexpr int kStartTimeoutMs = 20'000;

QString nginxProgram()
{
    const QString found = QStandardPaths::findExecutable(QStringLiteral("nginx"));
    return found.isEmpty() ? QStandardPaths::findExecutable(QStringLiteral("nginx"),
                                                            {QStringLiteral("/usr/sbin")})
                           : found;
}

sockaddr_in loopback(quint16 port)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool isListening(quint16 port)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return false;
    const sockaddr_in address = loopback(port);
    const bool isConnected =
        ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    ::close(descriptor);
    return isConnected;
}

/// %1 home, %2 folder, %3–%6 ports, %7 certificate, %8 key, %9 more directives.
const char kConfiguration[] = R"(
daemon off;
master_process off;
worker_processes 1;
pid %1/nginx.pid;
error_log %1/error.log;
events { worker_connections 128; }
http {
    access_log off;
    default_type application/octet-stream;
    types {
        application/json json;
        application/x-ndjson ndjson;
        text/csv csv;
        application/gzip gz;
    }
    sendfile on;
    client_body_temp_path %1/body;
    proxy_temp_path %1/proxy;
    fastcgi_temp_path %1/fastcgi;
    uwsgi_temp_path %1/uwsgi;
    scgi_temp_path %1/scgi;
    ssl_certificate %7;
    ssl_certificate_key %8;
    server { listen 127.0.0.1:%3; root %2; %9 }
    server { listen 127.0.0.1:%4 ssl; root %2; %9 }
    server { listen 127.0.0.1:%5 ssl http2; root %2; %9 }
    server { listen 127.0.0.1:%6 http2; root %2; %9 }
}
)";

} // namespace

quint16 freePort()
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return 0;
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    const bool isKnown =
        ::bind(descriptor, reinterpret_cast<const sockaddr *>(&address), size) == 0 &&
        ::getsockname(descriptor, reinterpret_cast<sockaddr *>(&address), &size) == 0;
    ::close(descriptor);
    return isKnown ? ntohs(address.sin_port) : quint16(0);
}

bool NginxServer::isInstalled()
{
    return !nginxProgram().isEmpty();
}

bool NginxServer::start(const Options &options)
{
    const auto certificate = TestCertificate::create(m_home.path());
    if (!m_home.isValid() || !certificate)
        return false;
    m_certificateFile = certificate->certificateFile;
    QString more =
        (options.gzipStatic ? QStringLiteral("gzip_static on; ") : QString()) + options.extraServer;
    more.replace(QStringLiteral("%HOME%"), m_home.path());

    // Between the choice of a port and its use somebody else may take it: then choose again.
    for (int attempt = 0; attempt < 5; ++attempt) {
        for (quint16 &port : m_ports)
            port = freePort();
        const QString text = QString::fromLatin1(kConfiguration)
                                 .arg(m_home.path(), QDir(options.folder).absolutePath(),
                                      QString::number(m_ports[0]), QString::number(m_ports[1]),
                                      QString::number(m_ports[2]), QString::number(m_ports[3]),
                                      certificate->certificateFile, certificate->keyFile, more);
        QFile file(m_home.filePath(QStringLiteral("nginx.conf")));
        if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0)
            return false;
        file.close();
        if (launch())
            return true;
    }
    qWarning("nginx does not start: %s", m_process.output().constData());
    return false;
}

bool NginxServer::restart()
{
    m_process.stop();
    return launch();
}

bool NginxServer::launch()
{
    return m_process.start(nginxProgram(),
                           {QStringLiteral("-p"), m_home.path(), QStringLiteral("-c"),
                            m_home.filePath(QStringLiteral("nginx.conf")), QStringLiteral("-e"),
                            m_home.filePath(QStringLiteral("error.log"))}) &&
           waitUntilListening();
}

bool NginxServer::waitUntilListening()
{
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < kStartTimeoutMs && m_process.isRunning();) {
        if (std::all_of(std::begin(m_ports), std::end(m_ports), isListening))
            return m_process.isRunning();
        QThread::msleep(5);
    }
    m_process.stop();
    return false;
}

QString NginxServer::url(Scheme scheme, const QString &path) const
{
    return QStringLiteral("%1://127.0.0.1:%2/%3")
        .arg(scheme == Scheme::Plain || scheme == Scheme::PlainHttp2 ? QStringLiteral("http")
                                                                     : QStringLiteral("https"),
             QString::number(m_ports[static_cast<int>(scheme)]), path);
}

} // namespace freshet::test
