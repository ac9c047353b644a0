// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session_list.h"

#include "text/resume_text.h"
#include "transfer/get_anew.h"
#include "transfer/request_secrets.h"

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
    : QObject(parent), m_library(std::move(library)), m_queue(m_library)
{
    connect(&m_queue, &TransferQueue::changed, this, &SessionList::queueChanged);
    connect(&m_queue, &TransferQueue::began, this, &SessionList::onBegan);
    connect(&m_queue, &TransferQueue::failed, this,
            [this](const QString &key, const Error &error, const QString &source) {
                m_replaces.erase(key);
                if (auto *present = session(key))
                    present->setQueued(false);
                Q_EMIT failed(error, source);
            });
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
        m_queue.ended();
        Q_EMIT finished(adopted);
        refresh();
        tellReplaced(*adopted);
    });
    connect(adopted, &DatasetSession::queuedChanged, this, &SessionList::queueChanged);
    return adopted;
}

void SessionList::start(transfer::DownloadRequest request)
{
    TransferOrder order;
    order.name =
        QString::fromStdString(request.name.empty() ? request.suggestedName() : request.name);
    order.source = QString::fromStdString(transport::withoutSecrets(request.bytes.url));
    order.request = std::move(request);
    m_queue.add(std::move(order));
}

void SessionList::startAnew(const DatasetSession &session, const transfer::RequestSecrets &secrets)
{
    auto request = transfer::requestAnew(session.record(), secrets);
    if (!request) {
        Q_EMIT failed(request.error(), session.name());
        return;
    }
    const QString key = m_queue.add({.dataset = {},
                                     .name = session.name(),
                                     .source = session.source(),
                                     .request = std::move(*request),
                                     .secrets = {}});
    m_replaces[key] = session.id();
}

/// Only what is complete takes another's place.
void SessionList::tellReplaced(const DatasetSession &session)
{
    const auto found = m_replaces.find(session.id());
    if (found == m_replaces.end() || canResume(session.record()))
        return;
    const QString old = found->second;
    m_replaces.erase(found);
    Q_EMIT replaced(session.id(), old);
}

void SessionList::onBegan(const QString &key, const std::shared_ptr<transfer::Transfer> &transfer,
                          bool hasWaited)
{
    const auto id = QString::fromStdString(transfer->dataset()->id());
    if (auto replaces = m_replaces.extract(key)) {
        replaces.key() = id;
        m_replaces.insert(std::move(replaces));
    }
    if (auto *present = session(id)) {
        present->goOn(transfer);
        Q_EMIT wentOn(present);
    } else {
        Q_EMIT started(adopt(std::make_unique<DatasetSession>(m_library, transfer)), hasWaited);
    }
    refresh();
}

void SessionList::goOn(const QString &id, const Continuation &how)
{
    auto *present = session(id);
    if (present == nullptr) {
        withSession(id, [this, how](DatasetSession *opened) {
            Q_EMIT this->opened(opened);
            goOn(opened->id(), how);
        });
        return;
    }
    const bool isAnew = how.isAnew || (!how.sync && onlyNewHelps(present->record()));
    const bool isPossible =
        isAnew || (how.sync ? canFetchNew(present->record()) : canResume(present->record()));
    if (present->isRunning() || present->isQueued() || !isPossible)
        return;
    const bool isGiven = !how.secrets.isEmpty();
    if (!isGiven && !transfer::missingSecrets(present->request()).isEmpty()) {
        Q_EMIT secretsNeeded(present, how);
        return;
    }
    transfer::RequestSecrets secrets =
        isGiven ? how.secrets : transfer::secretsOf(present->request());
    if (isAnew) {
        startAnew(*present, secrets);
        return;
    }
    present->setQueued(true);
    m_queue.add({.dataset = id,
                 .name = present->name(),
                 .source = present->source(),
                 .request = present->request(),
                 .secrets = std::move(secrets),
                 .sync = how.sync});
}

void SessionList::dequeue(const QString &key)
{
    if (!m_queue.remove(key))
        return;
    m_replaces.erase(key);
    if (auto *present = session(key))
        present->setQueued(false);
}

void SessionList::withSession(const QString &idOrName, Use use)
{
    if (auto *present = session(idOrName)) {
        use(present);
        return;
    }
    m_runner.run(
        [library = m_library, key = idOrName.toStdString()] { return openDataset(*library, key); },
        [this, idOrName, use = std::move(use)](Result<OpenedDataset> dataset) {
            if (!dataset) {
                Q_EMIT failed(dataset.error(), idOrName);
                return;
            }
            const auto id = QString::fromStdString(dataset->record.id);
            auto *present = session(id);
            if (present == nullptr)
                present = adopt(std::make_unique<DatasetSession>(
                    m_library, std::move(dataset->record), std::move(dataset->dataset)));
            use(present);
        });
}

void SessionList::open(const QString &idOrName)
{
    withSession(idOrName, [this](DatasetSession *session) { Q_EMIT opened(session); });
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
    dequeue(id);
    if (auto *present = session(id); present != nullptr && present->isRunning()) {
        // The writer lets go of the dataset when the transfer has come to its end.
        connect(
            present, &DatasetSession::finished, this, [this, id] { remove(id); },
            Qt::ConnectionType(Qt::QueuedConnection | Qt::SingleShotConnection));
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
