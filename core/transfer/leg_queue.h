// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "transfer/leg.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

namespace freshet::transfer {

/// The legs that are to be sent, from the thread that judges them to the one that sends them.
///
/// Threads: thread-safe; one sender, one judge, and anyone may close.
class LegQueue
{
public:
    void push(Leg leg);
    /// No more legs will come; those that wait are dropped.
    void close();
    /// Cancelled as soon as the queue is closed: legs under way are not wanted either.
    [[nodiscard]] const CancelToken &closing() const { return m_closing; }

    /// Wait for a leg or until `isEnough`, which is asked after each `wake`. Nothing if the queue
    /// is closed, or if it was enough.
    [[nodiscard]] std::optional<Leg> pop(const std::function<bool()> &isEnough);
    /// Let the sender ask `isEnough` again.
    void wake();
    [[nodiscard]] bool isClosed() const;

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Leg> m_legs;
    bool m_isClosed = false;
    CancelToken m_closing;
};

} // namespace freshet::transfer
