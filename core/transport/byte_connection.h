// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/curl_session.h"
#include "transport/progress_board.h"

#include <chrono>
#include <span>
#include <string>

namespace freshet::transport {

/// A stream of bytes to and from a host, plain or over TLS, through a proxy if the request names
/// one: what libcurl does before HTTP begins. For protocols of our own.
///
/// Nothing is read but by `receive`: whoever does not call it holds the peer back.
/// Threads: one thread at a time; `CurlSession::wake` ends a wait.
class ByteConnection
{
public:
    /// All references outlive the connection.
    ByteConnection(CurlSession &session, const ByteRequest &request, const Hop &hop,
                   ProgressBoard &board);
    ~ByteConnection();
    ByteConnection(const ByteConnection &) = delete;
    ByteConnection &operator=(const ByteConnection &) = delete;

    /// Errors: those of `errorCodeFor`; Timeout after `ByteRequest::connectTimeout`; Cancelled.
    [[nodiscard]] Status open(const CancelToken &cancel);

    struct Received
    {
        std::size_t size = 0; ///< 0: nothing is there now
        bool isEnd = false;   ///< the peer sends no more
    };
    /// Errors: ConnectionLost.
    [[nodiscard]] Result<Received> receive(std::span<char> into);
    /// Send after what waits already. Errors: ConnectionLost.
    [[nodiscard]] Status send(std::string_view bytes);
    /// Send on what waits, as much as goes. Errors: ConnectionLost.
    [[nodiscard]] Status flush();
    /// Whether bytes wait to be sent.
    [[nodiscard]] bool isSending() const { return !m_outgoing.empty(); }
    /// Wait until something can be read, or sent if anything waits, at most for `patience`.
    [[nodiscard]] Status wait(std::chrono::milliseconds patience);

private:
    [[nodiscard]] Error errorFor(CURLcode code) const;
    void noteTiming();

    CurlSession &m_session;
    const ByteRequest &m_request;
    const Hop &m_hop;
    ProgressBoard &m_board;
    bool m_isAdded = false;
    curl_socket_t m_socket = CURL_SOCKET_BAD;
    std::string m_outgoing;
};

} // namespace freshet::transport
