// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/leg_queue.h"

#include <utility>

namespace freshet::transfer {

void LegQueue::push(Leg leg)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_isClosed)
            m_legs.push_back(std::move(leg));
    }
    m_changed.notify_all();
}

void LegQueue::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
        m_legs.clear();
    }
    m_changed.notify_all();
    m_closing.cancel();
}

std::optional<Leg> LegQueue::pop(const std::function<bool()> &isEnough)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_isClosed || !m_legs.empty() || isEnough(); });
    if (m_isClosed || m_legs.empty())
        return std::nullopt;
    Leg leg = std::move(m_legs.front());
    m_legs.pop_front();
    return leg;
}

void LegQueue::wake()
{
    // Under the lock, so that nobody is between asking and waiting.
    const std::lock_guard lock(m_mutex);
    m_changed.notify_all();
}

bool LegQueue::isClosed() const
{
    const std::lock_guard lock(m_mutex);
    return m_isClosed;
}

} // namespace freshet::transfer
