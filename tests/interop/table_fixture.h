// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/table_digest.h"
#include "support/table_server.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <string>

namespace freshet::test {

/// The table server under way, and a library to download into.
/// Threads: one thread at a time.
class TableFixture
{
public:
    /// Why the tests cannot run here; empty if they can.
    [[nodiscard]] QString start()
    {
        if (const QString why = m_server.start(); !why.isEmpty())
            return why;
        auto library =
            store::Library::open(m_folder.filePath(QStringLiteral("library")).toStdString());
        if (!library)
            return QStringLiteral("the library cannot be opened");
        m_library = *library;
        return {};
    }

    [[nodiscard]] int webPort() const { return m_server.webPort(); }
    [[nodiscard]] int grpcPort() const { return m_server.grpcPort(); }
    /// gRPC-web in base64, over HTTP/2 without TLS.
    [[nodiscard]] int textPort() const { return m_server.textPort(); }
    /// The .proto file of the calls.
    [[nodiscard]] const std::string &proto() const { return m_server.proto(); }
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
            request.grpc->schema.protoFiles = {m_server.proto()};
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
    TableServer m_server;
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
