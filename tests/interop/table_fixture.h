// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/proto_schema.h"
#include "support/table_digest.h"
#include "transfer/transfer.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <string>

namespace freshet::test {

/// `table_server.mjs` under way, and a library to download into.
/// Threads: one thread at a time.
class TableFixture
{
public:
    /// Why the tests cannot run here; empty if they can.
    [[nodiscard]] QString start()
    {
        const QString scripts =
            qEnvironmentVariable("FRESHET_SOURCE") + QStringLiteral("/tests/interop/node/");
        const QString node = QStandardPaths::findExecutable(QStringLiteral("node"));
        if (node.isEmpty() || !QFile::exists(scripts + QStringLiteral("node_modules/express")))
            return QStringLiteral("node or its packages are not here: npm ci in ") + scripts;
        m_proto = scripts.toStdString() + "rows.proto";
        const auto schema = decode::ProtoSchema::load({.protoFiles = {m_proto}});
        QFile set(m_folder.filePath(QStringLiteral("rows.pb")));
        if (!schema || !set.open(QIODevice::WriteOnly))
            return QStringLiteral("the descriptor set cannot be written");
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
        auto library =
            store::Library::open(m_folder.filePath(QStringLiteral("library")).toStdString());
        if (m_webPort == 0 || !library)
            return QStringLiteral("the server or the library cannot be opened");
        m_library = *library;
        return {};
    }
    ~TableFixture()
    {
        m_node.closeWriteChannel(); // which ends it
        m_node.waitForFinished();
    }

    [[nodiscard]] int webPort() const { return m_webPort; }
    [[nodiscard]] int grpcPort() const { return m_grpcPort; }
    /// gRPC-web in base64, over HTTP/2 without TLS.
    [[nodiscard]] int textPort() const { return m_textPort; }
    /// The .proto file of the calls.
    [[nodiscard]] const std::string &proto() const { return m_proto; }
    [[nodiscard]] QString folder() const { return m_folder.path(); }

    /// A request for `target` (`/ndjson?rows=10`) at `port`.
    [[nodiscard]] static transfer::DownloadRequest at(int port, const QString &target,
                                                      const char *scheme = "http")
    {
        transfer::DownloadRequest request;
        request.bytes.url =
            std::string(scheme) + "://127.0.0.1:" + std::to_string(port) + target.toStdString();
        request.retry.firstDelay = std::chrono::milliseconds(1);
        return request;
    }
    /// A call for `rows` rows. gRPC itself asks the server for its types.
    [[nodiscard]] transfer::DownloadRequest callAt(int port, transfer::GrpcFlavour flavour,
                                                   std::int64_t rows, bool inBatches,
                                                   const char *scheme = "http") const
    {
        const bool isNative = flavour == transfer::GrpcFlavour::Native;
        transfer::DownloadRequest request = at(port, {}, isNative ? "grpc" : scheme);
        request.grpc = transfer::GrpcCall{.method = inBatches ? "interop.Rows/ListBatches"
                                                              : "interop.Rows/List",
                                          .requestJson = "{\"rows\": " + std::to_string(rows) + "}",
                                          .flavour = flavour,
                                          .rowsField = inBatches ? "rows" : ""};
        if (!isNative)
            request.grpc->schema.protoFiles = {m_proto};
        return request;
    }

    /// Run `request` to its end. Fails the program if it does not start or end.
    [[nodiscard]] std::unique_ptr<transfer::Transfer> run(transfer::DownloadRequest request)
    {
        if (request.grpc) {
            if (const Status prepared = prepareGrpcCall(request, {}); !prepared)
                qFatal("%s", prepared.error().toString().c_str());
        }
        auto transfer = transfer::Transfer::start(m_library, std::move(request), {});
        if (!transfer)
            qFatal("%s", transfer.error().toString().c_str());
        if (!(*transfer)->waitFor(std::chrono::minutes(20)))
            qFatal("the transfer does not end");
        return std::move(*transfer);
    }
    void remove(const std::string &dataset)
    {
        if (const Status removed = m_library->remove(dataset); !removed)
            qFatal("%s", removed.error().toString().c_str());
    }

private:
    QTemporaryDir m_folder;
    QProcess m_node;
    std::string m_proto;
    int m_webPort = 0;
    int m_grpcPort = 0;
    int m_textPort = 0;
    std::shared_ptr<store::Library> m_library;
};

/// Verdict, evidence and error in one line.
[[nodiscard]] inline QByteArray toldBy(const transfer::Progress &progress)
{
    QByteArray text;
    if (progress.verdict) {
        for (const std::string &sentence : progress.verdict->evidence)
            text += QByteArray::fromStdString(sentence) + "; ";
    }
    return progress.error ? text + QByteArray::fromStdString(progress.error->toString()) : text;
}

/// The table without what a protocol adds of its own.
[[nodiscard]] inline TableDigest contentOf(const transfer::Transfer &transfer)
{
    auto digest = tableDigest(transfer.dataset()->snapshot());
    if (!digest)
        qFatal("%s", digest.error().toString().c_str());
    digest->erase("sse.id");
    digest->erase("event");
    return *std::move(digest);
}

} // namespace freshet::test
