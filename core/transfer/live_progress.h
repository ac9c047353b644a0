// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/leg_source.h"
#include "transfer/transfer.h"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace freshet::transfer {

/// The one place where the stages of a transfer tell how far they are and where the window looks.
/// Written once a block or batch, never once a row.
///
/// Threads: thread-safe.
class LiveProgress final : public transport::RetryListener
{
public:
    using Clock = std::chrono::steady_clock;

    /// `source` is asked for its own figures at each snapshot. `isOneAnswer`: what the head says of
    /// lengths and totals speaks of the whole download.
    LiveProgress(const LegSource &source, bool isOneAnswer);

    [[nodiscard]] Progress snapshot() const;
    [[nodiscard]] bool waitFor(std::chrono::milliseconds patience) const;
    [[nodiscard]] std::chrono::microseconds sinceStart() const;

    /// Move the state machine; an event without a place in the present state changes nothing.
    /// Output: whether it had one.
    bool apply(TransferEvent event);
    void beganRequest(const std::string &label);
    void noticed(std::string notice);
    void found(FoundPages pages);
    void arrived(const transport::ResponseHead &head);
    /// Nothing before `arrived`.
    [[nodiscard]] std::shared_ptr<const transport::ResponseHead> head() const;
    void choseFormat(decode::Format format, const std::string &reason);
    /// The stream itself said how far it is.
    void declared(const decode::DeclaredProgress &progress);
    void addRows(RowCount rows);
    void addRejected();
    /// Of an earlier run, before the first ones of this.
    void holdsAlready(RowCount rows, RowCount rejected);

    void onRetryPlanned(const transport::RetryNotice &notice) override;
    void onRetryBegan() override;
    void onContinued(const std::string &how) override;
    /// The last word: from here on the snapshot does not change.
    /// `kept`: the rows that are in the dataset now, be it that more came.
    void finish(TransferEvent event, Verdict verdict, std::optional<Error> error, RowCount kept);

private:
    void readSource(Progress &progress) const;

    const LegSource &m_source;
    const bool m_isOneAnswer;
    const Clock::time_point m_start = Clock::now();
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_finished;
    std::shared_ptr<const transport::ResponseHead> m_head;
    Progress m_progress;
    Clock::time_point m_retryAt;
};

} // namespace freshet::transfer
