// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/proto_schema.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <string>

namespace freshet::test {

/// `tests/interop/node/table_server.mjs` under way: one table by every protocol, built on the
/// libraries that people use. Threads: one thread at a time. Lifetime: its end is the server's.
class TableServer
{
public:
    ~TableServer()
    {
        m_node.closeWriteChannel(); // which ends it
        m_node.waitForFinished();
    }

    /// Why there is none here, which is a reason to skip; empty if it answers.
    [[nodiscard]] QString start()
    {
        const QString scripts =
            qEnvironmentVariable("FRESHET_SOURCE") + QStringLiteral("/tests/interop/node/");
        const QString node = QStandardPaths::findExecutable(QStringLiteral("node"));
        const bool isInstalled = QFile::exists(scripts + QStringLiteral("node_modules/express")) &&
                                 QFile::exists(scripts + QStringLiteral("node_modules/@grpc"));
        if (node.isEmpty() || !isInstalled)
            return QStringLiteral("node or its packages are not here: npm ci in ") + scripts;
        m_proto = scripts.toStdString() + "rows.proto";
        const auto schema = decode::ProtoSchema::load({.protoFiles = {m_proto}});
        QFile set(m_folder.filePath(QStringLiteral("rows.pb")));
        if (!schema || !set.open(QIODevice::WriteOnly))
            qFatal("the descriptor set cannot be written");
        set.write(QByteArray::fromStdString(schema->descriptorSet()));
        set.close();
        m_node.setWorkingDirectory(scripts);
        m_node.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_node.start(node, {QStringLiteral("table_server.mjs"), set.fileName()});
        while (!m_node.canReadLine() && m_node.waitForReadyRead(60'000)) {
        }
        const QJsonObject ports = QJsonDocument::fromJson(m_node.readLine()).object();
        m_webPort = ports[u"web"].toInt();
        m_grpcPort = ports[u"grpc"].toInt();
        m_textPort = ports[u"text"].toInt();
        if (m_webPort == 0 || m_grpcPort == 0)
            qFatal("the table server does not start");
        return {};
    }

    [[nodiscard]] int webPort() const { return m_webPort; }
    [[nodiscard]] int grpcPort() const { return m_grpcPort; }
    /// gRPC-web in base64, over HTTP/2 without TLS.
    [[nodiscard]] int textPort() const { return m_textPort; }
    /// The .proto file of the calls.
    [[nodiscard]] const std::string &proto() const { return m_proto; }

private:
    QTemporaryDir m_folder;
    QProcess m_node;
    std::string m_proto;
    int m_webPort = 0;
    int m_grpcPort = 0;
    int m_textPort = 0;
};

} // namespace freshet::test
