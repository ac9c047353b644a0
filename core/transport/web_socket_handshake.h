// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/chunked_reader.h"
#include "transport/response_head.h"
#include "transport/url.h"

#include <optional>
#include <string>
#include <string_view>

namespace freshet::transport {

/// The opening handshake of a WebSocket, client's side: the request, and whether the answer is the
/// one that was asked for. No extension is offered, so that none (no compression) is in use.
/// Source: RFC 6455 §4.1. Threads: one thread at a time.
class WebSocketHandshake
{
public:
    /// `url` is the request's, as http or https. Errors: InvalidArgument for a header of the
    /// request that is the handshake's own; Internal without random numbers.
    [[nodiscard]] static Result<WebSocketHandshake> create(const ByteRequest &request,
                                                           const Url &url);

    /// What is to be sent.
    [[nodiscard]] const std::string &text() const { return m_text; }

    /// Take bytes of the answer: its head, and behind a refusal what explains it. Output: how many
    /// were taken; what is left belongs to the WebSocket. Errors: ProtocolViolation,
    /// SizeLimitExceeded.
    [[nodiscard]] Result<std::size_t> feed(std::string_view bytes);
    [[nodiscard]] bool hasHead() const { return m_parser.isComplete(); }
    [[nodiscard]] const MessageHead &head() const { return m_parser.head(); }
    [[nodiscard]] bool isRefused() const { return hasHead() && head().status != 101; }
    /// Of a refusal: whether its whole body is here, or as much of it as anybody wants to see.
    [[nodiscard]] bool isExplained() const;

    /// Errors: HttpStatus with the status and the start of the body if it was refused;
    /// ProtocolViolation if it was accepted in a way that is none.
    [[nodiscard]] Status judge() const;

private:
    WebSocketHandshake(std::string key, std::string text, bool asksForProtocol,
                       const Limits &limits);
    [[nodiscard]] Status checkAcceptance() const;
    [[nodiscard]] Error refusal() const;
    void takeBody(std::string_view bytes);

    std::string m_key;
    std::string m_text;
    bool m_asksForProtocol;
    std::size_t m_mostLine;
    ResponseHeadParser m_parser;
    std::string m_line;
    std::optional<ChunkedReader> m_chunks;
    bool m_isDamaged = false; ///< its chunks are none
    std::string m_body;       ///< of a refusal, its start
};

} // namespace freshet::transport
