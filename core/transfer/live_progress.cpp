// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/live_progress.h"

#include "transfer/declared_totals.h"

#include <algorithm>
#include <tuple>

namespace freshet::transfer {

namespace {

constexpr std::string_view kTheStream = "the stream";

} // namespace

LiveProgress::LiveProgress(const LegSource &source, bool isOneAnswer)
    : m_source(source), m_isOneAnswer(isOneAnswer)
{}

void LiveProgress::readSource(Progress &progress) const
{
    const auto figures = m_source.progress();
    progress.wireBytes = figures.wireBytes;
    progress.decodedBytes = figures.decodedBytes;
    progress.timeline.transport = figures.timing;
    progress.bytesReadAgain = m_source.bytesReadAgain();
    if (auto errand = m_source.errandUnderWay()) {
        progress.errand = std::move(errand->says);
        progress.errandDone = errand->done;
        progress.errandFile = errand->file;
    }
    progress.elapsed = sinceStart();
}

Progress LiveProgress::snapshot() const
{
    std::unique_lock lock(m_mutex);
    Progress progress = m_progress;
    if (progress.state == TransferState::WaitingToRetry)
        progress.retryIn =
            std::max(std::chrono::ceil<std::chrono::milliseconds>(m_retryAt - Clock::now()),
                     std::chrono::milliseconds(0));
    lock.unlock();
    if (!isFinal(progress.state))
        readSource(progress);
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

bool LiveProgress::apply(TransferEvent event)
{
    const std::lock_guard lock(m_mutex);
    const auto next = nextState(m_progress.state, event);
    if (next)
        m_progress.state = *next;
    return next.has_value();
}

void LiveProgress::beganRequest(const std::string &label)
{
    const std::lock_guard lock(m_mutex);
    ++m_progress.requests;
    m_progress.requestLabel = label;
}

void LiveProgress::noticed(std::string notice)
{
    const std::lock_guard lock(m_mutex);
    m_progress.notice = std::move(notice);
}

void LiveProgress::declared(const decode::DeclaredProgress &progress)
{
    if (!progress.total)
        return;
    const std::lock_guard lock(m_mutex);
    m_progress.statedPart.reset();
    if (progress.countsRows) {
        m_progress.totalRows = progress.total;
        m_progress.totalRowsFrom = kTheStream;
        return;
    }
    if (m_progress.totalRowsFrom == kTheStream)
        m_progress.totalRows.reset();
    if (progress.total->value() > 0)
        m_progress.statedPart = std::clamp(static_cast<double>(progress.done->value()) /
                                               static_cast<double>(progress.total->value()),
                                           0.0, 1.0);
}

void LiveProgress::found(FoundPages pages)
{
    const std::lock_guard lock(m_mutex);
    m_progress.foundPages = std::move(pages);
}

void LiveProgress::arrived(const transport::ResponseHead &head)
{
    const auto totals = declaredTotals(head.headers);
    const std::lock_guard lock(m_mutex);
    m_head = std::make_shared<const transport::ResponseHead>(head);
    m_progress.httpStatus = head.status;
    m_progress.httpVersion = head.httpVersion;
    m_progress.contentCodings = head.contentCodings;
    if (m_isOneAnswer)
        m_progress.totalWireBytes = head.contentLength;
    if (m_isOneAnswer && !totals.empty()) {
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

void LiveProgress::holdsAlready(RowCount rows, RowCount rejected)
{
    const std::lock_guard lock(m_mutex);
    m_progress.rows = rows;
    m_progress.rejected = rejected;
}

void LiveProgress::onRetryPlanned(const transport::RetryNotice &notice)
{
    const std::lock_guard lock(m_mutex);
    ++m_progress.retries;
    m_progress.retryCause = notice.cause;
    m_retryAt = Clock::now() + notice.delay;
    if (const auto next = nextState(m_progress.state, TransferEvent::RetryPlanned))
        m_progress.state = *next;
}

void LiveProgress::onRetryBegan()
{
    apply(TransferEvent::RetryBegan);
}

void LiveProgress::onContinued(const std::string &how)
{
    const std::lock_guard lock(m_mutex);
    if (!how.empty())
        m_progress.continuations.push_back(how);
    if (const auto next = nextState(m_progress.state, TransferEvent::HeadArrived))
        m_progress.state = *next;
}

void LiveProgress::finish(TransferEvent event, Verdict verdict, std::optional<Error> error,
                          RowCount kept)
{
    {
        const std::lock_guard lock(m_mutex);
        readSource(m_progress);
        m_progress.timeline.finished = m_progress.elapsed;
        m_progress.rows = kept;
        m_progress.verdict = std::move(verdict);
        m_progress.error = std::move(error);
        m_progress.state = nextState(m_progress.state, event).value_or(TransferState::Failed);
    }
    m_finished.notify_all();
}

} // namespace freshet::transfer
