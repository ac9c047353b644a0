// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"

#include <condition_variable>
#include <mutex>

namespace freshet::transfer {

/// Holds the network thread while the user wants a pause.
/// Threads: thread-safe.
class PauseGate
{
public:
    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
    }
    void open()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isClosed = false;
        }
        m_changed.notify_all();
    }
    /// Wait until the gate is open or `cancel` says stop.
    void pass(const CancelToken &cancel)
    {
        std::unique_lock lock(m_mutex);
        if (!m_isClosed)
            return;
        lock.unlock();
        const auto registration = cancel.onCancel([this] {
            const std::lock_guard wakeLock(m_mutex);
            m_changed.notify_all();
        });
        lock.lock();
        m_changed.wait(lock, [&] { return !m_isClosed || cancel.isCancelled(); });
        // The registration waits for a wake-up that runs, and that wants the lock.
        lock.unlock();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isClosed = false;
};

} // namespace freshet::transfer
