// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/s3_server.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QStandardPaths>

namespace freshet::test {

namespace {

constexpr int kPatienceMs = 60'000;

QString nodeFolder()
{
    return qEnvironmentVariable("FRESHET_SOURCE") + QStringLiteral("/tests/interop/node/");
}

} // namespace

bool S3Server::isInstalled()
{
    const QString modules = nodeFolder() + QStringLiteral("node_modules/");
    return QFile::exists(modules + QStringLiteral("s3rver")) &&
           QFile::exists(modules + QStringLiteral("@smithy/signature-v4")) &&
           !QStandardPaths::findExecutable(QStringLiteral("node")).isEmpty();
}

bool S3Server::put(const QString &path, const QByteArray &content) const
{
    QFile file(m_objects.filePath(path));
    return QDir().mkpath(QFileInfo(file).path()) &&
           file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
           file.write(content) == content.size();
}

bool S3Server::start(int cuts)
{
    stop();
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("cut"), QString::number(cuts));
    m_node.setProcessEnvironment(environment);
    m_node.start(QStringLiteral("node"),
                 {nodeFolder() + QStringLiteral("s3_server.mjs"), m_objects.path(),
                  QString::fromLatin1(kAccessKey), QString::fromLatin1(kSecretKey)});
    while (!m_node.canReadLine()) {
        if (m_node.waitForReadyRead(kPatienceMs))
            continue;
        qWarning("the S3 server does not start: %s", m_node.readAllStandardError().constData());
        return false;
    }
    m_port = m_node.readLine().trimmed().toInt();
    return m_port > 0;
}

void S3Server::stop()
{
    if (m_node.state() == QProcess::NotRunning)
        return;
    m_node.terminate();
    m_node.waitForFinished();
}

} // namespace freshet::test
