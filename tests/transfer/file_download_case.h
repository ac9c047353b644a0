// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/file_fetch.h"
#include "support/raw_server.h"

#include <QTemporaryDir>

namespace freshet::test {

using namespace std::chrono_literals;
using transfer::FileDownload;
using transfer::FileDownloadReport;
using transfer::FileDownloadRequest;

inline const std::string kBody = "0123456789abcdefghijklmnopqrstuvwxyz";
inline const std::string kTag = "ETag: \"v1\"\r\n";
inline constexpr transport::RetryPolicy kQuick{.maxRetries = 4, .firstDelay = 1ms, .maxDelay = 2ms};
inline constexpr transport::RetryPolicy kNoRetry{.maxRetries = 0};

inline std::string answer(int status, const std::string &headers, std::size_t length,
                          const std::string &body)
{
    return "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nConnection: close\r\n" + headers +
           "Content-Length: " + std::to_string(length) + "\r\n\r\n" + body;
}
/// The whole, of which only the first `sent` bytes come.
inline Script whole(std::size_t sent = kBody.size(), const std::string &headers = kTag,
                    const std::string &body = kBody)
{
    return Script().send(answer(200, headers, body.size(), body.substr(0, sent)));
}
inline Script rest(std::size_t from, const std::string &headers = kTag,
                   std::size_t sent = kBody.size())
{
    const std::string range = "Content-Range: bytes " + std::to_string(from) + "-" +
                              std::to_string(kBody.size() - 1) + '/' +
                              std::to_string(kBody.size()) + "\r\n";
    return Script().send(
        answer(206, headers + range, kBody.size() - from, kBody.substr(from, sent - from)));
}
inline Script status(int code, const std::string &headers = {}, const std::string &body = "no")
{
    return Script().send(answer(code, headers, body.size(), body));
}

/// The value of a header in a request as it came; empty if it is not there.
inline QByteArray headerOf(const std::string &request, const QByteArray &name)
{
    const auto lines = QByteArray::fromStdString(request).split('\n');
    for (const QByteArray &line : lines) {
        if (line.left(name.size() + 1).toLower() == QByteArray(name + ':').toLower())
            return line.mid(name.size() + 1).trimmed();
    }
    return {};
}

inline QByteArray evidenceOf(const FileDownloadReport &report)
{
    QByteArray text;
    for (const auto &sentence : report.verdict.evidence)
        text += QByteArray::fromStdString(sentence) + '\n';
    return text;
}

/// What the tests of file downloads share: a folder for each, and the file that is to come.
class FileDownloadCase
{
protected:
    void makeFolder()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->filePath(QStringLiteral("data.bin")).toStdString();
    }
    FileDownloadRequest request(const std::string &url,
                                const transport::RetryPolicy &retry = kQuick) const
    {
        FileDownloadRequest wanted;
        wanted.bytes.url = url;
        wanted.file = m_file;
        wanted.retry = retry;
        return wanted;
    }
    static FileDownloadReport run(const FileDownloadRequest &request)
    {
        auto download = FileDownload::create(request);
        return download ? (*download)->run(CancelToken())
                        : FileDownloadReport{.error = download.error()};
    }
    FileDownloadReport fetch(const RawServer &server,
                             const transport::RetryPolicy &retry = kQuick) const
    {
        return run(request(server.url("/data.bin"), retry));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_file;
};

} // namespace freshet::test
