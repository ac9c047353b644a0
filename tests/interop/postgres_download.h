// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/table_text.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <string>

namespace freshet::test {

/// A library in a folder of its own, and downloads into it.
class PostgresDownloads
{
public:
    PostgresDownloads()
    {
        auto library = store::Library::open(m_folder.path().toStdString());
        if (!library)
            qFatal("%s", library.error().toString().c_str());
        m_library = *library;
    }

    [[nodiscard]] static transfer::DownloadRequest
    request(const std::string &url, const std::string &sql, const std::string &key = {})
    {
        transfer::DownloadRequest request;
        request.bytes.url = url;
        request.bytes.body = sql;
        request.decode.format = decode::Format::Postgres;
        request.retry = {.maxRetries = 200,
                         .firstDelay = std::chrono::milliseconds(1),
                         .maxDelay = std::chrono::milliseconds(100)};
        if (!key.empty())
            request.bytes.postgres.range.columns = {key};
        return request;
    }

    [[nodiscard]] std::unique_ptr<transfer::Transfer>
    start(transfer::DownloadRequest request, transfer::Transfer::Options options = {}) const
    {
        return begun(transfer::Transfer::start(m_library, std::move(request), std::move(options)));
    }
    [[nodiscard]] std::unique_ptr<transfer::Transfer> resume(const std::string &name) const
    {
        return begun(transfer::Transfer::resume(m_library, name, {}, {}));
    }
    [[nodiscard]] std::shared_ptr<store::Library> library() const { return m_library; }

    [[nodiscard]] static std::unique_ptr<transfer::Transfer>
    begun(Result<std::unique_ptr<transfer::Transfer>> transfer)
    {
        if (!transfer)
            qFatal("%s", transfer.error().toString().c_str());
        return std::move(*transfer);
    }
    [[nodiscard]] static transfer::Progress finish(transfer::Transfer &transfer)
    {
        if (!transfer.waitFor(std::chrono::seconds(250)))
            qFatal("the transfer does not end");
        return transfer.progress();
    }
    [[nodiscard]] static TableText table(const transfer::Transfer &transfer)
    {
        auto text = tableText(transfer.dataset()->snapshot());
        if (!text)
            qFatal("%s", text.error().toString().c_str());
        return std::move(*text);
    }
    /// The sentences, one a line.
    [[nodiscard]] static QString evidence(const transfer::Progress &progress)
    {
        QString all;
        if (progress.verdict) {
            for (const auto &sentence : progress.verdict->evidence)
                all += QString::fromStdString(sentence) + u'\n';
        }
        if (progress.error)
            all += QString::fromStdString(progress.error->toString());
        return all;
    }

private:
    QTemporaryDir m_folder;
    std::shared_ptr<store::Library> m_library;
};

} // namespace freshet::test
