// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/byte_connection.h"
#include "transport/web_socket_frames.h"
#include "transport/web_socket_handshake.h"

#include <memory>

namespace freshet::transport {

/// Receives the messages of a WebSocket (ws:// and wss://).
/// Source: RFC 6455; no extensions.
///
/// The request's headers go into the handshake, its body is the message that opens the talk (text;
/// none if empty). The sink gets each message whole, as `base/message_frame.h` says, the close
/// frame among them; the head is the one of the 101 answer. Pings are answered, and sent when
/// nothing came for a while, so that only a dead peer is a Timeout. Redirects are not followed.
///
/// How it ends: a close frame with 1000 or no code is FramingComplete, another one the error of
/// `WebSocketClose`; no close frame at all is ConnectionLost with `nativeCode` 1006. A refused
/// handshake is HttpStatus. Messages that came whole are with the sink before any error.
///
/// Memory stays flat however slow the sink is: one piece is gathered here (256 KiB), besides the
/// message under way, which is at most `Limits::rowBytes`.
class WebSocketTransport final : public Transport
{
public:
    /// Errors: UrlInvalid.
    [[nodiscard]] static Result<std::unique_ptr<Transport>> create(ByteRequest request);

    WebSocketTransport(ByteRequest request, Hop hop);
    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override { return m_board.snapshot(); }
    std::optional<ResponseHead> refusal() const override { return m_refusal; }

private:
    class Talk;

    [[nodiscard]] ResponseHead headFrom(const MessageHead &head) const;

    ByteRequest m_request;
    Hop m_hop;
    ProgressBoard m_board;
    std::optional<ResponseHead> m_refusal;
};

/// Whether `url` is ws:// or wss://.
[[nodiscard]] bool isWebSocketUrl(std::string_view url);

} // namespace freshet::transport
