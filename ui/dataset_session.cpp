// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset_session.h"

namespace freshet::ui {

namespace {

constexpr int kFrameMs = 33;

/// A transfer's destructor waits for its threads: not on the GUI thread.
void releaseOnWorker(std::shared_ptr<transfer::Transfer> transfer)
{
    transfer->cancel();
    QThreadPool::globalInstance()->start(
        [transfer = std::move(transfer)]() mutable { transfer.reset(); });
}

} // namespace

DatasetSession::DatasetSession(LibraryPtr library, std::shared_ptr<transfer::Transfer> transfer)
    : m_library(std::move(library)),
      m_transfer(std::move(transfer)),
      m_dataset(m_transfer->dataset()),
      m_request(m_transfer->request())
{
    m_record.id = m_dataset->id();
    m_record.name = m_transfer->datasetName();
    m_record.source = transport::withoutSecrets(m_request.bytes.url);
    m_record.created = std::chrono::system_clock::now();
    follow();
}

DatasetSession::DatasetSession(LibraryPtr library, store::DatasetRecord record,
                               std::shared_ptr<store::Dataset> dataset)
    : m_library(std::move(library)), m_dataset(std::move(dataset)), m_record(std::move(record))
{
    // A record of a later version may hold a request that cannot be read; the rows can.
    if (auto request = transfer::DownloadRequest::fromJson(m_record.request))
        m_request = std::move(*request);
    else
        m_request.bytes.url = m_record.source;
}

void DatasetSession::follow()
{
    m_progress = m_transfer->progress();
    m_isSettling = false;
    m_poll.setInterval(kFrameMs);
    m_poll.setTimerType(Qt::PreciseTimer);
    connect(&m_poll, &QTimer::timeout, this, &DatasetSession::poll, Qt::UniqueConnection);
    m_poll.start();
}

void DatasetSession::goOn(std::shared_ptr<transfer::Transfer> transfer)
{
    m_isQueued = false;
    m_transfer = std::move(transfer);
    m_dataset = m_transfer->dataset();
    m_request = m_transfer->request();
    follow();
    Q_EMIT wentOn();
}

void DatasetSession::setQueued(bool isQueued)
{
    if (m_isQueued == isQueued)
        return;
    m_isQueued = isQueued;
    Q_EMIT queuedChanged();
}

DatasetSession::~DatasetSession()
{
    if (m_transfer)
        releaseOnWorker(std::move(m_transfer));
}

QString DatasetSession::id() const
{
    return QString::fromStdString(m_record.id);
}

QString DatasetSession::name() const
{
    return QString::fromStdString(m_record.name);
}

QString DatasetSession::source() const
{
    return QString::fromStdString(m_record.source);
}

std::optional<Error> DatasetSession::error() const
{
    return m_progress ? m_progress->error : std::nullopt;
}

void DatasetSession::cancel()
{
    if (m_transfer)
        m_transfer->cancel();
}

void DatasetSession::pause()
{
    if (m_transfer)
        m_transfer->pause();
}

void DatasetSession::unpause()
{
    if (m_transfer)
        m_transfer->unpause();
}

void DatasetSession::retryNow()
{
    if (m_transfer)
        m_transfer->retryNow();
}

void DatasetSession::setName(const QString &name)
{
    m_record.name = name.toStdString();
    Q_EMIT renamed();
}

void DatasetSession::poll()
{
    m_progress = m_transfer->progress();
    Q_EMIT ticked();
    if (transfer::isFinal(m_progress->state) && !m_isSettling)
        settle();
}

void DatasetSession::settle()
{
    m_isSettling = true;
    m_poll.stop();
    m_runner.run([library = m_library, id = m_record.id] { return library->find(id); },
                 [this](Result<store::DatasetRecord> record) {
                     if (record)
                         m_record = std::move(*record);
                     else
                         m_record.rows = m_progress->rows;
                     releaseOnWorker(std::move(m_transfer));
                     m_transfer.reset();
                     Q_EMIT finished();
                 });
}

} // namespace freshet::ui
