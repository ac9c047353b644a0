// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cancel_token.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace freshet {

struct CancelToken::State
{
    std::atomic<bool> cancelled = false;
    std::mutex mutex;
    std::condition_variable idle;
    std::map<std::uint64_t, std::function<void()>> wakes;
    std::uint64_t nextId = 1;
    std::uint64_t runningId = 0;
    std::thread::id runner;
};

CancelToken::CancelToken() : m_state(std::make_shared<State>()) {}

void CancelToken::cancel() const
{
    if (m_state->cancelled.exchange(true))
        return;
    std::unique_lock lock(m_state->mutex);
    m_state->runner = std::this_thread::get_id();
    while (!m_state->wakes.empty()) {
        auto node = m_state->wakes.extract(m_state->wakes.begin());
        m_state->runningId = node.key();
        lock.unlock();
        node.mapped()();
        lock.lock();
        m_state->runningId = 0;
        m_state->idle.notify_all();
    }
}

bool CancelToken::isCancelled() const
{
    return m_state->cancelled.load(std::memory_order_acquire);
}

CancelToken::Registration CancelToken::onCancel(std::function<void()> wake) const
{
    Registration registration;
    {
        const std::lock_guard lock(m_state->mutex);
        if (!m_state->cancelled) {
            registration.m_state = m_state;
            registration.m_id = m_state->nextId++;
            m_state->wakes.emplace(registration.m_id, std::move(wake));
            return registration;
        }
    }
    wake();
    return registration;
}

CancelToken::Registration::Registration(Registration &&other) noexcept
    : m_state(std::move(other.m_state)), m_id(std::exchange(other.m_id, 0))
{}

CancelToken::Registration &CancelToken::Registration::operator=(Registration &&other) noexcept
{
    if (this != &other) {
        release();
        m_state = std::move(other.m_state);
        m_id = std::exchange(other.m_id, 0);
    }
    return *this;
}

CancelToken::Registration::~Registration()
{
    release();
}

void CancelToken::Registration::release()
{
    if (!m_state)
        return;
    auto *state = static_cast<State *>(m_state.get());
    {
        std::unique_lock lock(state->mutex);
        state->wakes.erase(m_id);
        // A wake-up that lets go of itself must not wait for itself.
        if (state->runner != std::this_thread::get_id())
            state->idle.wait(lock, [&] { return state->runningId != m_id; });
    }
    m_state.reset();
}

} // namespace freshet
