// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What tests of whole files have in common: their bytes, fetching them, stopping in the middle.
#pragma once

#include "transfer/file_download.h"

#include <QByteArray>
#include <QFile>
#include <QRandomGenerator>
#include <QString>

#include <atomic>
#include <filesystem>
#include <thread>

namespace freshet::test {

[[nodiscard]] inline QByteArray contentOf(const std::filesystem::path &path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be opened)");
}

/// False if not all of `content` could be written.
[[nodiscard]] inline bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
           file.write(content) == content.size() && file.flush();
}

/// Bytes that no compression and no repetition can hide a mistake in; `size` is a multiple of 4.
[[nodiscard]] inline QByteArray randomBytes(qsizetype size, quint32 seed)
{
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator random(seed);
    random.fillRange(reinterpret_cast<quint32 *>(bytes.data()), size / 4);
    return bytes;
}

[[nodiscard]] inline transfer::FileDownloadReport
fetchFile(const transfer::FileDownloadRequest &request)
{
    auto download = transfer::FileDownload::create(request);
    return download ? (*download)->run(CancelToken())
                    : transfer::FileDownloadReport{.error = download.error()};
}

/// Fetch until `enough` is here, then stop. That this is in the middle is for the source to see to:
/// see `CuttingProxy::holdAt`.
[[nodiscard]] inline transfer::FileDownloadReport
fetchUntil(const transfer::FileDownloadRequest &request, ByteCount enough)
{
    auto download = transfer::FileDownload::create(request);
    if (!download)
        return {.error = download.error()};
    const CancelToken cancel;
    std::atomic<bool> isOver = false;
    std::thread watcher([&] {
        while (!isOver && (*download)->progress().held < enough)
            std::this_thread::yield();
        cancel.cancel();
    });
    auto report = (*download)->run(cancel);
    isOver = true;
    watcher.join();
    return report;
}

} // namespace freshet::test
