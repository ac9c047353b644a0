// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/curl_session.h"

#include <memory>
#include <mutex>
#include <vector>

namespace freshet::transport {

/// Keeps sessions of transports that are over for those that come, with their open connections.
///
/// The one that was given back last is taken first: as many connections stay in use as there are
/// transports at the same time. Threads: thread-safe.
class SessionPool
{
public:
    /// A kept session, or a new one. Errors: those of `CurlSession::create`.
    [[nodiscard]] Result<std::unique_ptr<CurlSession>> take()
    {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_idle.empty()) {
                auto session = std::move(m_idle.back());
                m_idle.pop_back();
                return session;
            }
        }
        return CurlSession::create();
    }
    void giveBack(std::unique_ptr<CurlSession> session)
    {
        const std::lock_guard lock(m_mutex);
        m_idle.push_back(std::move(session));
    }
    /// Close the connections that nobody uses.
    void clear()
    {
        std::vector<std::unique_ptr<CurlSession>> idle; // goes without the lock
        const std::lock_guard lock(m_mutex);
        idle.swap(m_idle);
    }

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<CurlSession>> m_idle;
};

/// As `makeTransport(request)`; over HTTP the transport goes on with a connection of `sessions`.
[[nodiscard]] Result<std::unique_ptr<Transport>>
makeTransport(ByteRequest request, const std::shared_ptr<SessionPool> &sessions);

} // namespace freshet::transport
