// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <atomic>
#include <mutex>

namespace freshet::transport {

/// The figures of one running transport: written by its thread, read by any.
///
/// Threads: thread-safe. The counters are taken one by one, so that a snapshot may be a piece ahead
/// in one of them.
class ProgressBoard
{
public:
    using Clock = std::chrono::steady_clock;

    void start() { m_started = Clock::now(); }
    [[nodiscard]] std::chrono::microseconds sinceStart() const
    {
        return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - m_started);
    }

    /// Body bytes arrived: counts them and keeps the times of the first and the last.
    void bodyArrived(std::size_t bytes)
    {
        m_wire.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
        const auto now = sinceStart();
        changeTiming([now](TransportTiming &timing) {
            if (!timing.firstByte)
                timing.firstByte = now;
            timing.lastByte = now;
        });
    }
    void handedOn(std::size_t bytes)
    {
        m_decoded.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
    }
    template <typename Change>
    void changeTiming(Change change)
    {
        const std::lock_guard lock(m_mutex);
        change(m_timing);
    }

    [[nodiscard]] ByteCount wireBytes() const
    {
        return ByteCount(m_wire.load(std::memory_order_relaxed));
    }
    [[nodiscard]] ByteCount decodedBytes() const
    {
        return ByteCount(m_decoded.load(std::memory_order_relaxed));
    }
    [[nodiscard]] TransportProgress snapshot() const
    {
        const std::lock_guard lock(m_mutex);
        return {wireBytes(), decodedBytes(), m_timing};
    }

private:
    Clock::time_point m_started = Clock::now(); ///< fixed before the figures are looked at
    std::atomic<std::int64_t> m_wire = 0;
    std::atomic<std::int64_t> m_decoded = 0;
    mutable std::mutex m_mutex;
    TransportTiming m_timing;
};

} // namespace freshet::transport
