// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/limits.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::transport {

enum class WebSocketOpcode : std::uint8_t {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
};

/// Joins what a server sends on a WebSocket to messages, however its bytes are cut.
/// Source: RFC 6455 §5, client's side, without extensions.
///
/// A message that came in one frame and lies whole in the input is not copied; any other is
/// gathered. Whether text is UTF-8 is left to whoever reads it, so that one bad message is not the
/// end of all.
///
/// Limits: a message, whatever its frames, holds at most `Limits::rowBytes` (and 4 GiB - 1); the
/// length that a frame announces is checked before memory is taken.
/// Errors: ProtocolViolation, naming the rule; SizeLimitExceeded. Threads: one thread at a time.
class WebSocketParser
{
public:
    /// A whole message (Text, Binary) or control frame. The view holds until the sink returns.
    using Sink = std::function<Status(WebSocketOpcode kind, std::string_view payload)>;

    explicit WebSocketParser(const Limits &limits);

    /// Errors: also those of the sink. After an error no more may be fed.
    [[nodiscard]] Status feed(std::string_view bytes, const Sink &sink);
    /// Whether a frame has begun, or a message of several frames, that has not ended.
    [[nodiscard]] bool isInsideMessage() const
    {
        return m_headerSize > 0 || m_kind != WebSocketOpcode::Continuation;
    }

private:
    [[nodiscard]] std::size_t headerWanted() const;
    [[nodiscard]] Status beginFrame();
    [[nodiscard]] Status checkOpcode(bool isReserved) const;
    [[nodiscard]] Result<std::uint64_t> payloadLength() const;
    [[nodiscard]] Status takePayload(std::string_view &bytes, const Sink &sink);
    [[nodiscard]] Status endFrame(std::string_view payload, const Sink &sink);
    [[nodiscard]] bool isControl() const { return (static_cast<int>(m_opcode) & 0x8) != 0; }

    const std::uint64_t m_limit;
    std::array<unsigned char, 10> m_header = {};
    std::size_t m_headerSize = 0; ///< bytes of it that are here; 0 between two frames
    bool m_isInPayload = false;
    bool m_isFinal = false;
    WebSocketOpcode m_opcode = WebSocketOpcode::Continuation; ///< of the frame under way
    std::uint64_t m_left = 0;                                 ///< of its payload
    std::string m_control;
    /// Of the message under way; Continuation if there is none.
    WebSocketOpcode m_kind = WebSocketOpcode::Continuation;
    std::string m_message;
};

/// Append one whole frame as a client sends it, masked.
void appendClientFrame(std::string &out, WebSocketOpcode opcode, std::string_view payload,
                       std::array<unsigned char, 4> mask);

/// What a close frame says. Source: RFC 6455 §7.4 and the IANA registry of close codes.
struct WebSocketClose
{
    static constexpr int kNone = 1005; ///< the frame named no code

    int code = kNone;
    std::string reason;

    /// Errors: ProtocolViolation for half a code or one that may not be sent.
    [[nodiscard]] static Result<WebSocketClose> parse(std::string_view payload);
    /// `1009 (message too big): "…"`
    [[nodiscard]] std::string toString() const;
    /// Nothing for a close that says that all is well (1000, or no code); else what it means:
    /// ConnectionLost for what may be over soon (1001, 1011 …), ProtocolViolation where the server
    /// blames us, SizeLimitExceeded (1009), InBandError for codes of the application. The code is
    /// the error's `nativeCode`.
    [[nodiscard]] std::optional<Error> error() const;
};

} // namespace freshet::transport
