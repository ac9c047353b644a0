// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "task_runner.h"
#include "transfer/transfer.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace freshet::ui {

/// One dataset that is open in the window: being downloaded, or at rest and read from the library.
/// One at rest that is not whole can go on (`goOn`), if need be after waiting for its turn.
///
/// While it runs, the transfer is polled once a frame; `ticked` follows when something changed.
/// When the transfer has ended, its record is read from the library and `finished` follows.
/// Threads: GUI thread only. Lifetime: destroying a running session cancels its transfer on a
/// worker; the rows are kept.
class DatasetSession : public QObject
{
    Q_OBJECT
public:
    using LibraryPtr = std::shared_ptr<store::Library>;

    DatasetSession(LibraryPtr library, std::shared_ptr<transfer::Transfer> transfer);
    DatasetSession(LibraryPtr library, store::DatasetRecord record,
                   std::shared_ptr<store::Dataset> dataset);
    ~DatasetSession() override;

    [[nodiscard]] QString id() const;
    [[nodiscard]] QString name() const;
    /// URL or path, without secrets.
    [[nodiscard]] QString source() const;
    [[nodiscard]] bool isRunning() const { return m_transfer != nullptr; }
    [[nodiscard]] const transfer::DownloadRequest &request() const { return m_request; }
    [[nodiscard]] const std::shared_ptr<store::Dataset> &dataset() const { return m_dataset; }
    /// Of the transfer, as of the last tick; nothing for a dataset of an earlier run.
    [[nodiscard]] const std::optional<transfer::Progress> &progress() const { return m_progress; }
    /// As in the library; of a running one only name and source are to be relied on.
    [[nodiscard]] const store::DatasetRecord &record() const { return m_record; }
    /// What ended the transfer, if it was an error.
    [[nodiscard]] std::optional<Error> error() const;

    [[nodiscard]] const LibraryPtr &library() const { return m_library; }
    /// Be driven by a transfer that goes on with this dataset; `wentOn` follows.
    void goOn(std::shared_ptr<transfer::Transfer> transfer);
    /// Whether it waits until it may go on.
    [[nodiscard]] bool isQueued() const { return m_isQueued; }
    void setQueued(bool isQueued);
    void cancel();
    void pause();
    void unpause();
    void retryNow();
    void setName(const QString &name);

Q_SIGNALS:
    void ticked();
    void finished();
    void wentOn();
    void queuedChanged();
    void renamed();

private:
    void follow();
    void poll();
    void settle();

    LibraryPtr m_library;
    std::shared_ptr<transfer::Transfer> m_transfer;
    std::shared_ptr<store::Dataset> m_dataset;
    transfer::DownloadRequest m_request;
    store::DatasetRecord m_record;
    std::optional<transfer::Progress> m_progress;
    TaskRunner m_runner;
    QTimer m_poll;
    bool m_isSettling = false;
    bool m_isQueued = false;
};

} // namespace freshet::ui
