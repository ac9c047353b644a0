// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset_session.h"

#include <functional>
#include <map>

namespace freshet::ui {

/// The datasets that are open or being downloaded, and the catalogue they come from. All disk work
/// is done on workers; answers come as signals.
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

    void start(transfer::DownloadRequest request);
    /// By id or name; `opened` follows, at once if it is open already.
    void open(const QString &idOrName);
    /// Let go of a session that no tab shows; a running one stays.
    void release(const QString &id);
    void rename(const QString &id, const QString &name);
    /// Cancels a running download first. The files are gone for good.
    void remove(const QString &id);
    void refresh();

Q_SIGNALS:
    void started(freshet::ui::DatasetSession *session);
    void opened(freshet::ui::DatasetSession *session);
    void ticked(freshet::ui::DatasetSession *session);
    void finished(freshet::ui::DatasetSession *session);
    void removed(const QString &id);
    void recordsChanged();
    /// Something that was asked for did not come about; `source` says of what.
    void failed(const freshet::Error &error, const QString &source);

private:
    DatasetSession *adopt(std::unique_ptr<DatasetSession> session);

    std::shared_ptr<store::Library> m_library;
    std::map<QString, std::unique_ptr<DatasetSession>> m_sessions;
    std::vector<store::DatasetRecord> m_records;
    TaskRunner m_runner;
    TaskRunner m_lister;
};

} // namespace freshet::ui
