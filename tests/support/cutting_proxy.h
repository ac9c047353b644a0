// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace freshet::test {

/// A TCP proxy on a free port of 127.0.0.1 in front of a server on another one. It passes bytes on
/// as they come, whatever they mean, and cuts connections with RST or holds them back as it is told
/// to.
///
/// Threads: one a connection and one that accepts, all joined in the destructor.
class CuttingProxy
{
public:
    /// After how many of the server's bytes the n-th connection (from 0) is cut; nothing: never.
    /// Called on the accepting thread only.
    using Cuts = std::function<std::optional<std::int64_t>(std::size_t connection)>;

    CuttingProxy(int serverPort, Cuts cuts);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy &) = delete;
    CuttingProxy &operator=(const CuttingProxy &) = delete;

    [[nodiscard]] int port() const { return m_port; }
    /// Pass on nothing more of the server's once so many bytes have passed over all connections,
    /// one block more for each that is under way; they stay open. Nothing: no longer. Before the
    /// connections that it is meant for; thread-safe.
    void holdAt(std::optional<std::int64_t> bytes) { m_holdAt = bytes.value_or(INT64_MAX); }
    /// Connections that were cut before their server had ended them.
    [[nodiscard]] int cuts() const { return m_cut; }
    /// Connections taken so far.
    [[nodiscard]] int connections() const { return m_connections; }
    /// Of the server, over all connections.
    [[nodiscard]] std::int64_t bytesPassed() const { return m_bytes; }

private:
    void acceptAll();
    void serve(int client, std::optional<std::int64_t> cutAfter);

    const int m_serverPort;
    const Cuts m_cuts;
    int m_listener = -1;
    int m_wake = -1;
    int m_port = 0;
    std::atomic<int> m_connections = 0;
    std::atomic<int> m_cut = 0;
    std::atomic<std::int64_t> m_bytes = 0;
    std::atomic<std::int64_t> m_holdAt = INT64_MAX;
    std::vector<std::thread> m_workers;
    std::thread m_acceptor;
};

} // namespace freshet::test
