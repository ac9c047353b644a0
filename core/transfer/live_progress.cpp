// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/live_progress.h"

#include "transfer/declared_totals.h"

namespace freshet::transfer {

LiveProgress::LiveProgress(const transport::Transport &transport) : m_transport(transport) {}

void LiveProgress::readTransport(Progress &progress) const
{
    const auto figures = m_transport.progress();
    progress.wireBytes = figures.wireBytes;
    progress.decodedBytes = figures.decodedBytes;
    progress.timeline.transport = figures.timing;
    progress.elapsed = sinceStart();
}

Progress LiveProgress::snapshot() const
{
    std::unique_lock lock(m_mutex);
    Progress progress = m_progress;
    lock.unlock();
    if (!isFinal(progress.state))
        readTransport(progress);
    return progress;
}

bool LiveProgress::waitFor(std::chrono::milliseconds patience) const
{
    std::unique_lock lock(m_mutex);
    return m_finished.wait_for(lock, patience, [&] { return isFinal(m_progress.state); });
}

std::chrono::microseconds LiveProgress::sinceStart() const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - m_start);
}

void LiveProgress::apply(TransferEvent event)
{
    const std::lock_guard lock(m_mutex);
    if (const auto next = nextState(m_progress.state, event))
        m_progress.state = *next;
}

void LiveProgress::arrived(const transport::ResponseHead &head)
{
    const auto totals = declaredTotals(head.headers);
    const std::lock_guard lock(m_mutex);
    m_head = std::make_shared<const transport::ResponseHead>(head);
    m_progress.httpStatus = head.status;
    m_progress.httpVersion = head.httpVersion;
    m_progress.contentCodings = head.contentCodings;
    m_progress.totalWireBytes = head.contentLength;
    if (!totals.empty()) {
        m_progress.totalRows = totals.front().rows;
        m_progress.totalRowsFrom = totals.front().from;
    }
    if (const auto next = nextState(m_progress.state, TransferEvent::HeadArrived))
        m_progress.state = *next;
}

std::shared_ptr<const transport::ResponseHead> LiveProgress::head() const
{
    const std::lock_guard lock(m_mutex);
    return m_head;
}

void LiveProgress::choseFormat(decode::Format format, const std::string &reason)
{
    const std::lock_guard lock(m_mutex);
    m_progress.format = format;
    m_progress.formatReason = reason;
}

void LiveProgress::addRows(RowCount rows)
{
    const std::lock_guard lock(m_mutex);
    m_progress.rows += rows;
    if (!m_progress.timeline.firstRow && rows.value() > 0)
        m_progress.timeline.firstRow = sinceStart();
}

void LiveProgress::addRejected()
{
    const std::lock_guard lock(m_mutex);
    m_progress.rejected += RowCount(1);
}

void LiveProgress::finish(TransferEvent event, Verdict verdict, std::optional<Error> error)
{
    {
        const std::lock_guard lock(m_mutex);
        readTransport(m_progress);
        m_progress.timeline.finished = m_progress.elapsed;
        m_progress.verdict = std::move(verdict);
        m_progress.error = std::move(error);
        m_progress.state = nextState(m_progress.state, event).value_or(TransferState::Failed);
    }
    m_finished.notify_all();
}

} // namespace freshet::transfer
