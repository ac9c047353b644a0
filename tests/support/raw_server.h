// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace freshet::test {

/// What a RawServer does on one connection once it has read the first request.
///
///     Script().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab").reset()
///
/// At its end the connection is closed in the proper way.
class Script
{
public:
    enum class Kind {
        Send,
        Pause,
        Wait,
        Flood,
        Upgrade,
        AwaitRequest,
        Stall,
        HalfClose,
        Reset,
        CloseBare
    };
    struct Step
    {
        Kind kind;
        std::string bytes;
        std::size_t pieceSize = 0; ///< 0: at once
        std::chrono::milliseconds pause{0};
        std::shared_future<void> gate;
    };

    Script send(std::string bytes, std::size_t pieceSize = 0) &&
    {
        return add({.kind = Kind::Send, .bytes = std::move(bytes), .pieceSize = pieceSize});
    }
    /// Say nothing for so long: a server that is slow on purpose.
    Script pause(std::chrono::milliseconds time) &&
    {
        return add({.kind = Kind::Pause, .pause = time});
    }
    /// Say nothing until the test lets it go on, however long that takes.
    Script wait(std::shared_future<void> gate) &&
    {
        return add({.kind = Kind::Wait, .gate = std::move(gate)});
    }
    /// Send `block` over and over until the client goes.
    Script flood(std::string block) &&
    {
        return add({.kind = Kind::Flood, .bytes = std::move(block)});
    }
    /// Accept the request as the opening of a WebSocket.
    Script upgrade() && { return add({.kind = Kind::Upgrade}); }
    /// Read one more request on the same connection.
    Script awaitRequest() && { return add({.kind = Kind::AwaitRequest}); }
    /// Say nothing until the client goes.
    Script stall() && { return add({.kind = Kind::Stall}); }
    /// Close our direction, keep reading until the client closes its own.
    Script halfClose() && { return add({.kind = Kind::HalfClose}); }
    /// Cut the connection with RST.
    Script reset() && { return add({.kind = Kind::Reset}); }
    /// TLS: close the connection without saying so (no close_notify).
    Script closeBare() && { return add({.kind = Kind::CloseBare}); }

    [[nodiscard]] const std::vector<Step> &steps() const { return m_steps; }

private:
    Script add(Step step)
    {
        m_steps.push_back(std::move(step));
        return std::move(*this);
    }
    std::vector<Step> m_steps;
};

/// A TCP (or TLS) server on a free port of 127.0.0.1 that writes exactly the bytes it is told to,
/// so that a test can make any fault; it keeps the requests it got.
///
/// The n-th connection plays the n-th script, later ones the last script again; or a responder
/// makes the script of each connection once it knows the request. Threads: thread-safe; connections
/// are served on threads of its own, all joined in the destructor.
class RawServer
{
public:
    struct Tls
    {
        std::string certificateFile;
        std::string keyFile;
    };

    /// Makes the script for a request, on the connection's own thread. `number` counts the
    /// requests of all connections from 0.
    using Responder = std::function<Script(const std::string &request, std::size_t number)>;

    explicit RawServer(std::vector<Script> scripts = {}, const Tls &tls = {});
    explicit RawServer(Responder responder, const Tls &tls = {});
    ~RawServer();
    RawServer(const RawServer &) = delete;
    RawServer &operator=(const RawServer &) = delete;

    void addScript(Script script);
    [[nodiscard]] int port() const { return m_port; }
    /// `path` with its leading slash.
    [[nodiscard]] std::string url(std::string_view path = "/") const;
    /// Each request with its body, as it came.
    [[nodiscard]] std::vector<std::string> requests() const;
    /// Bytes of all connections that the kernel took over from us, TLS framing not counted.
    [[nodiscard]] std::int64_t bytesSent() const { return m_bytesSent; }
    /// Connections whose script reached a stall or flood: where a test waits for "now it hangs".
    [[nodiscard]] int hanging() const { return m_hanging; }

private:
    class Connection;
    struct Context;

    void listenAndAccept(const Tls &tls);
    void acceptAll();
    void serve(int descriptor, std::size_t connection);
    [[nodiscard]] Script scriptFor(std::size_t connection, const std::string &request,
                                   std::size_t number) const;

    std::unique_ptr<Context> m_context;
    int m_listener = -1;
    int m_wake = -1;
    int m_port = 0;
    std::atomic<std::int64_t> m_bytesSent = 0;
    std::atomic<int> m_hanging = 0;
    mutable std::mutex m_mutex;
    std::vector<Script> m_scripts;
    Responder m_responder;
    std::vector<std::string> m_requests;
    std::vector<std::thread> m_workers;
    std::thread m_acceptor;
};

} // namespace freshet::test
