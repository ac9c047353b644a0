// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace freshet {

/// Where a thread waits for some time, unless somebody cancels it or is in a hurry.
/// Threads: thread-safe.
class WaitPoint
{
public:
    /// Output: false if it was cancelled.
    [[nodiscard]] bool waitFor(std::chrono::milliseconds time, const CancelToken &cancel)
    {
        const auto registration = cancel.onCancel([this] {
            const std::lock_guard lock(m_mutex);
            m_wake.notify_all();
        });
        std::unique_lock lock(m_mutex);
        const std::int64_t hurries = m_hurries;
        m_wake.wait_for(lock, time, [&] { return m_hurries != hurries || cancel.isCancelled(); });
        lock.unlock(); // the registration waits for a wake-up that wants it
        return !cancel.isCancelled();
    }

    /// End the waits that are under way.
    void hurry()
    {
        {
            const std::lock_guard lock(m_mutex);
            ++m_hurries;
        }
        m_wake.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::int64_t m_hurries = 0;
};

} // namespace freshet
