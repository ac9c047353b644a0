// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer_queue.h"

#include "access/remote_access.h"
#include "transfer/prepare.h"
#include "transfer/request_places.h"

#include <algorithm>

namespace freshet::ui {

namespace {

using Started = Result<std::unique_ptr<transfer::Transfer>>;

/// Go on with a dataset, with what this user has set up by now where it was not given.
Started goOn(const std::shared_ptr<store::Library> &library, const TransferOrder &order)
{
    transfer::RequestSecrets secrets = order.secrets;
    transport::ByteRequest bytes = order.request.bytes;
    bytes.s3 = secrets.s3.value_or(bytes.s3);
    bytes.ssh = secrets.ssh.value_or(bytes.ssh);
    FRESHET_TRY(access::completeAccess(bytes, transfer::placesOf(order.request),
                                       access::environmentVariable));
    secrets.s3 = std::move(bytes.s3);
    secrets.ssh = std::move(bytes.ssh);
    const std::string id = order.dataset.toStdString();
    return order.sync ? transfer::Transfer::sync(library, id, *order.sync, secrets, {})
                      : transfer::Transfer::resume(library, id, secrets, {});
}

Started startTransfer(const std::shared_ptr<store::Library> &library, const TransferOrder &order)
{
    if (!order.dataset.isEmpty())
        return goOn(library, order);
    transfer::DownloadRequest request = order.request;
    request.typedSecrets = transfer::typedSecretsOf(request);
    FRESHET_TRY(access::completeAccess(request.bytes, transfer::placesOf(request),
                                       access::environmentVariable));
    FRESHET_TRY(transfer::prepareRequest(request, CancelToken()));
    return transfer::Transfer::start(library, std::move(request), {});
}

} // namespace

TransferQueue::TransferQueue(std::shared_ptr<store::Library> library, QObject *parent)
    : QObject(parent), m_library(std::move(library))
{}

void TransferQueue::setLimit(int limit)
{
    m_limit = std::clamp(limit, 1, kMostAtOnce);
    startNext();
}

bool TransferQueue::isWaiting(const QString &key) const
{
    return std::any_of(m_waiting.begin(), m_waiting.end(),
                       [&key](const Waiting &entry) { return entry.key == key; });
}

bool TransferQueue::isNew(const QString &key) const
{
    return std::any_of(m_waiting.begin(), m_waiting.end(), [&key](const Waiting &entry) {
        return entry.key == key && entry.order.dataset.isEmpty();
    });
}

QString TransferQueue::add(TransferOrder order)
{
    const QString key =
        order.dataset.isEmpty() ? QStringLiteral("queued-%1").arg(++m_lastKey) : order.dataset;
    if (m_underWay < m_limit) {
        start(key, order, false);
        return key;
    }
    m_waiting.push_back({key, std::move(order)});
    Q_EMIT changed();
    return key;
}

bool TransferQueue::remove(const QString &key)
{
    const auto removed =
        std::erase_if(m_waiting, [&key](const Waiting &entry) { return entry.key == key; });
    if (removed > 0)
        Q_EMIT changed();
    return removed > 0;
}

void TransferQueue::ended()
{
    Q_ASSERT(m_underWay > 0);
    --m_underWay;
    startNext();
}

void TransferQueue::startNext()
{
    while (m_underWay < m_limit && !m_waiting.empty()) {
        const Waiting next = std::move(m_waiting.front());
        m_waiting.pop_front();
        start(next.key, next.order, true);
    }
    Q_EMIT changed();
}

void TransferQueue::start(const QString &key, const TransferOrder &order, bool hasWaited)
{
    ++m_underWay;
    m_runner.run([library = m_library, order] { return startTransfer(library, order); },
                 [this, key, source = order.source, hasWaited](Started transfer) {
                     if (transfer) {
                         Q_EMIT began(key, std::move(*transfer), hasWaited);
                         return;
                     }
                     ended();
                     Q_EMIT failed(key, transfer.error(), source);
                 });
}

} // namespace freshet::ui
