// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "task_runner.h"
#include "transfer/sync.h"

#include <QObject>

#include <deque>
#include <optional>

namespace freshet::ui {

/// Something to be downloaded: a new dataset, or the rest of one.
struct TransferOrder
{
    QString dataset;                   ///< id of the one to go on with; empty: a new one
    QString name;                      ///< as shown while it waits
    QString source;                    ///< URL or path without secrets
    transfer::DownloadRequest request; ///< what is asked for, or was
    transfer::RequestSecrets secrets;  ///< to go on with
    /// Fetch what is new since last time; unset: go on with one that is not whole.
    std::optional<transfer::SyncChange> sync = std::nullopt;
};

/// Starts transfers in the order they were asked for, so many at once; the others wait.
///
/// A transfer is under way from `began` until the owner says `ended`. Starting is done on a worker.
/// Threads: GUI thread only.
class TransferQueue : public QObject
{
    Q_OBJECT
public:
    static constexpr int kDefaultLimit = 4;
    static constexpr int kMostAtOnce = 32;

    struct Waiting
    {
        QString key;
        TransferOrder order;
    };

    explicit TransferQueue(std::shared_ptr<store::Library> library, QObject *parent = nullptr);

    /// How many may run at once. Those that run already go on.
    void setLimit(int limit);
    [[nodiscard]] int limit() const { return m_limit; }
    /// How many run or are being started.
    [[nodiscard]] int underWay() const { return m_underWay; }
    [[nodiscard]] const std::deque<Waiting> &waiting() const { return m_waiting; }
    [[nodiscard]] bool isWaiting(const QString &key) const;
    /// Whether it waits and is no dataset yet.
    [[nodiscard]] bool isNew(const QString &key) const;

    /// Output: the key it has until it begins: the id of a dataset that is gone on with, else one
    /// of the queue's own.
    QString add(TransferOrder order);
    /// Output: whether it was still waiting.
    bool remove(const QString &key);
    /// A transfer that began is over.
    void ended();

Q_SIGNALS:
    /// `hasWaited`: it did not begin when it was asked for.
    void began(const QString &key, const std::shared_ptr<freshet::transfer::Transfer> &transfer,
               bool hasWaited);
    void failed(const QString &key, const freshet::Error &error, const QString &source);
    void changed();

private:
    void startNext();
    void start(const QString &key, const TransferOrder &order, bool hasWaited);

    std::shared_ptr<store::Library> m_library;
    std::deque<Waiting> m_waiting;
    TaskRunner m_runner;
    int m_limit = kDefaultLimit;
    int m_underWay = 0;
    int m_lastKey = 0;
};

} // namespace freshet::ui
