// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace freshet {

/// A queue between two threads whose size is counted in bytes: a full one blocks the producer,
/// which in turn stops reading its socket, so that the server feels it.
///
/// One item is always accepted by an empty queue, even when it is larger than the bound.
/// `close()` lets the consumer drain what is there; `abort()` drops it and wakes everyone.
///
/// Threads: thread-safe; made for one producer and one consumer.
template <typename T>
class BoundedQueue
{
public:
    explicit BoundedQueue(ByteCount bound) : m_bound(bound) {}

    /// Wait for room, then append. False if the queue was closed or aborted: the item is dropped.
    bool push(T item, ByteCount size)
    {
        std::unique_lock lock(m_mutex);
        m_roomy.wait(lock, [&] { return m_closed || m_items.empty() || m_held + size <= m_bound; });
        if (m_closed)
            return false;
        m_items.push_back({std::move(item), size});
        m_held += size;
        lock.unlock();
        m_filled.notify_one();
        return true;
    }

    /// Wait for an item. Nothing if the queue is closed and drained, or aborted.
    std::optional<T> pop()
    {
        std::unique_lock lock(m_mutex);
        m_filled.wait(lock, [&] { return m_closed || !m_items.empty(); });
        return take(lock);
    }

    /// As `pop()`, but gives up after `patience`; tell the two apart with `isDrained()`.
    template <typename Duration>
    std::optional<T> popFor(Duration patience)
    {
        std::unique_lock lock(m_mutex);
        m_filled.wait_for(lock, patience, [&] { return m_closed || !m_items.empty(); });
        return take(lock);
    }

    /// No more items will come; those held are still handed out.
    void close()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_roomy.notify_all();
        m_filled.notify_all();
    }

    /// Drop everything and wake both sides.
    void abort()
    {
        std::deque<Entry> dropped;
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
            dropped.swap(m_items);
            m_held = ByteCount();
        }
        m_roomy.notify_all();
        m_filled.notify_all();
    }

    [[nodiscard]] bool isDrained() const
    {
        const std::lock_guard lock(m_mutex);
        return m_closed && m_items.empty();
    }
    [[nodiscard]] bool isEmpty() const
    {
        const std::lock_guard lock(m_mutex);
        return m_items.empty();
    }
    [[nodiscard]] ByteCount held() const
    {
        const std::lock_guard lock(m_mutex);
        return m_held;
    }

private:
    struct Entry
    {
        T item;
        ByteCount size;
    };

    std::optional<T> take(std::unique_lock<std::mutex> &lock)
    {
        if (m_items.empty())
            return std::nullopt;
        Entry entry = std::move(m_items.front());
        m_items.pop_front();
        m_held -= entry.size;
        lock.unlock();
        m_roomy.notify_one();
        return std::move(entry.item);
    }

    const ByteCount m_bound;
    mutable std::mutex m_mutex;
    std::condition_variable m_roomy;
    std::condition_variable m_filled;
    std::deque<Entry> m_items;
    ByteCount m_held;
    bool m_closed = false;
};

} // namespace freshet
