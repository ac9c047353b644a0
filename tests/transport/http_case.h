// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/nginx_server.h"
#include "transport/transport.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace freshet::test {

/// What the tests of HTTP share: a folder that nginx serves, where it is installed.
class HttpCase
{
protected:
    using Scheme = NginxServer::Scheme;

    [[nodiscard]] bool put(const char *name, const std::string &bytes) const
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        const auto size = static_cast<qint64>(bytes.size());
        return file.open(QIODevice::WriteOnly) && file.write(bytes.data(), size) == size;
    }
    /// Holes: a large file that takes no room.
    [[nodiscard]] bool putLarge() const
    {
        QFile large(m_folder.filePath(QStringLiteral("large.bin")));
        return large.open(QIODevice::WriteOnly) && large.resize(qint64(4) << 30);
    }
    /// False if it is installed and does not start.
    [[nodiscard]] bool startNginx()
    {
        if (!NginxServer::isInstalled())
            return true;
        m_nginx = std::make_unique<NginxServer>();
        return m_nginx->start({.folder = m_folder.path(), .gzipStatic = true});
    }
    [[nodiscard]] bool hasNginx() const { return m_nginx != nullptr; }
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] transport::ByteRequest nginxRequest(Scheme scheme, const char *path) const
    {
        transport::ByteRequest request;
        request.url = m_nginx->url(scheme, QString::fromLatin1(path)).toStdString();
        request.caFile = m_nginx->certificateFile().toStdString();
        request.acceptEncoding = "identity";
        return request;
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<NginxServer> m_nginx;
};

} // namespace freshet::test

Q_DECLARE_METATYPE(std::string)
Q_DECLARE_METATYPE(freshet::test::NginxServer::Scheme)

#define REQUIRE_NGINX()                                                                            \
    do {                                                                                           \
        if (!hasNginx())                                                                           \
            QSKIP("nginx is not installed");                                                       \
    } while (false)
