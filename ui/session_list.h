// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset_session.h"
#include "transfer_queue.h"

#include <functional>
#include <map>

namespace freshet::ui {

/// The datasets that are open, being downloaded or waiting for that, and the catalogue they come
/// from. All disk work is done on workers; answers come as signals.
/// Threads: GUI thread only.
class SessionList : public QObject
{
    Q_OBJECT
public:
    explicit SessionList(std::shared_ptr<store::Library> library, QObject *parent = nullptr);
    ~SessionList() override;

    [[nodiscard]] const std::shared_ptr<store::Library> &library() const { return m_library; }
    /// Newest first, as of the last `recordsChanged`.
    [[nodiscard]] const std::vector<store::DatasetRecord> &records() const { return m_records; }
    [[nodiscard]] DatasetSession *session(const QString &id) const;
    [[nodiscard]] std::vector<DatasetSession *> running() const;

    [[nodiscard]] const TransferQueue &queue() const { return m_queue; }
    /// How many downloads may run at once.
    void setLimit(int limit) { m_queue.setLimit(limit); }

    /// Download something new as soon as there is room; `started` follows.
    void start(transfer::DownloadRequest request);
    /// How a dataset at rest is to be gone on with.
    struct Continuation
    {
        /// Fetch what is new since last time; unset: the rest of one that is not whole.
        std::optional<transfer::SyncChange> sync = std::nullopt;
        transfer::RequestSecrets secrets = {};
        /// Neither: get all of it once more, as a dataset of its own; see `replaced`.
        bool isAnew = false;
    };
    /// The dataset is opened if need be. If secrets are missing, `secretsNeeded` follows instead.
    void goOn(const QString &id, const Continuation &how);
    /// Or get it anew, if nothing else helps.
    void resume(const QString &id) { goOn(id, {}); }
    void getAnew(const QString &id) { goOn(id, {.isAnew = true}); }
    /// Take back what waits for its turn: a key of the queue or the id of a dataset.
    void dequeue(const QString &key);
    /// By id or name; `opened` follows, at once if it is open already.
    void open(const QString &idOrName);
    /// Let go of a session that no tab shows; a running one stays.
    void release(const QString &id);
    void rename(const QString &id, const QString &name);
    /// Cancels a download that waits or runs first. The files are gone for good.
    void remove(const QString &id);
    void refresh();

Q_SIGNALS:
    /// `hasWaited`: other downloads had to end first.
    void started(freshet::ui::DatasetSession *session, bool hasWaited);
    void wentOn(freshet::ui::DatasetSession *session);
    void queueChanged();
    void secretsNeeded(freshet::ui::DatasetSession *session,
                       const freshet::ui::SessionList::Continuation &how);
    void opened(freshet::ui::DatasetSession *session);
    void ticked(freshet::ui::DatasetSession *session);
    void finished(freshet::ui::DatasetSession *session);
    void removed(const QString &id);
    void recordsChanged();
    /// `id` was got anew in place of the other one, and is complete; both are there.
    void replaced(const QString &id, const QString &oldId);
    /// Something that was asked for did not come about; `source` says of what.
    void failed(const freshet::Error &error, const QString &source);

private:
    using Use = std::function<void(DatasetSession *)>;

    DatasetSession *adopt(std::unique_ptr<DatasetSession> session);
    /// Hand the session of a dataset to `use`, opening it first if need be.
    void withSession(const QString &idOrName, Use use);
    void onBegan(const QString &key, const std::shared_ptr<transfer::Transfer> &transfer,
                 bool hasWaited);
    void startAnew(const DatasetSession &session, const transfer::RequestSecrets &secrets);
    void tellReplaced(const DatasetSession &session);

    std::shared_ptr<store::Library> m_library;
    std::map<QString, std::unique_ptr<DatasetSession>> m_sessions;
    /// Datasets to be replaced, by the key in the queue, then the id, of what takes their place.
    std::map<QString, QString> m_replaces;
    std::vector<store::DatasetRecord> m_records;
    TransferQueue m_queue;
    TaskRunner m_runner;
    TaskRunner m_lister;
};

} // namespace freshet::ui
