// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session_list.h"

namespace freshet::ui {

namespace {

struct OpenedDataset
{
    store::DatasetRecord record;
    std::shared_ptr<store::Dataset> dataset;
};

Result<OpenedDataset> openDataset(store::Library &library, const std::string &idOrName)
{
    auto record = library.find(idOrName);
    if (!record)
        return fail(std::move(record).error());
    auto dataset = library.dataset(record->id);
    if (!dataset)
        return fail(std::move(dataset).error());
    return OpenedDataset{std::move(*record), std::move(*dataset)};
}

} // namespace

SessionList::SessionList(std::shared_ptr<store::Library> library, QObject *parent)
    : QObject(parent), m_library(std::move(library))
{
    refresh();
}

SessionList::~SessionList() = default;

DatasetSession *SessionList::session(const QString &id) const
{
    const auto found = m_sessions.find(id);
    return found == m_sessions.end() ? nullptr : found->second.get();
}

std::vector<DatasetSession *> SessionList::running() const
{
    std::vector<DatasetSession *> sessions;
    for (const auto &[id, session] : m_sessions) {
        if (session->isRunning())
            sessions.push_back(session.get());
    }
    return sessions;
}

DatasetSession *SessionList::adopt(std::unique_ptr<DatasetSession> session)
{
    DatasetSession *adopted = session.get();
    m_sessions[adopted->id()] = std::move(session);
    connect(adopted, &DatasetSession::ticked, this, [this, adopted] { Q_EMIT ticked(adopted); });
    connect(adopted, &DatasetSession::finished, this, [this, adopted] {
        Q_EMIT finished(adopted);
        refresh();
    });
    return adopted;
}

void SessionList::start(transfer::DownloadRequest request)
{
    using Started = Result<std::unique_ptr<transfer::Transfer>>;
    const QString source = QString::fromStdString(transport::withoutSecrets(request.bytes.url));
    m_runner.run(
        [library = m_library, request = std::move(request)]() mutable {
            return transfer::Transfer::start(library, std::move(request), {});
        },
        [this, source](Started transfer) {
            if (!transfer) {
                Q_EMIT failed(transfer.error(), source);
                return;
            }
            auto *session =
                adopt(std::make_unique<DatasetSession>(m_library, std::move(*transfer)));
            Q_EMIT started(session);
            refresh();
        });
}

void SessionList::open(const QString &idOrName)
{
    if (auto *present = session(idOrName)) {
        Q_EMIT opened(present);
        return;
    }
    m_runner.run(
        [library = m_library, key = idOrName.toStdString()] { return openDataset(*library, key); },
        [this, idOrName](Result<OpenedDataset> dataset) {
            if (!dataset) {
                Q_EMIT failed(dataset.error(), idOrName);
                return;
            }
            const auto id = QString::fromStdString(dataset->record.id);
            auto *present = session(id);
            if (present == nullptr)
                present = adopt(std::make_unique<DatasetSession>(
                    m_library, std::move(dataset->record), std::move(dataset->dataset)));
            Q_EMIT opened(present);
        });
}

void SessionList::release(const QString &id)
{
    const auto found = m_sessions.find(id);
    if (found != m_sessions.end() && !found->second->isRunning())
        m_sessions.erase(found);
}

void SessionList::rename(const QString &id, const QString &name)
{
    m_runner.run([library = m_library, id = id.toStdString(),
                  name = name.toStdString()] { return library->rename(id, name); },
                 [this, id, name](const Status &done) {
                     if (!done)
                         Q_EMIT failed(done.error(), name);
                     else if (auto *present = session(id))
                         present->setName(name);
                     refresh();
                 });
}

void SessionList::remove(const QString &id)
{
    if (auto *present = session(id); present != nullptr && present->isRunning()) {
        // The writer lets go of the dataset when the transfer has come to its end.
        connect(present, &DatasetSession::finished, this, [this, id] { remove(id); });
        present->cancel();
        return;
    }
    Q_EMIT removed(id);
    release(id);
    m_runner.run([library = m_library, id = id.toStdString()] { return library->remove(id); },
                 [this, id](const Status &done) {
                     if (!done)
                         Q_EMIT failed(done.error(), id);
                     refresh();
                 });
}

void SessionList::refresh()
{
    m_lister.runLatest([library = m_library] { return library->list(); },
                       [this](Result<std::vector<store::DatasetRecord>> records) {
                           if (!records) {
                               Q_EMIT failed(records.error(),
                                             QString::fromStdString(m_library->folder().string()));
                               return;
                           }
                           m_records = std::move(*records);
                           Q_EMIT recordsChanged();
                       });
}

} // namespace freshet::ui
