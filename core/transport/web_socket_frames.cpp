// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/web_socket_frames.h"

#include <algorithm>

namespace freshet::transport {

namespace {

constexpr std::uint64_t kLongestControl = 125;
constexpr unsigned kTwoByteLength = 126;
constexpr unsigned kEightByteLength = 127;

tl::unexpected<Error> violation(std::string detail)
{
    return fail(ErrorCode::ProtocolViolation, "WebSocket: " + std::move(detail));
}

} // namespace

WebSocketParser::WebSocketParser(const Limits &limits)
    : m_limit(std::min<std::uint64_t>(limits.rowBytes.asSize(), UINT32_MAX))
{}

Status WebSocketParser::feed(std::string_view bytes, const Sink &sink)
{
    while (!bytes.empty() || (m_isInPayload && m_left == 0)) {
        if (m_isInPayload) {
            FRESHET_TRY(takePayload(bytes, sink));
            continue;
        }
        const std::size_t wanted = headerWanted() - m_headerSize;
        const std::size_t size = std::min(wanted, bytes.size());
        std::copy_n(bytes.begin(), size, m_header.begin() + m_headerSize);
        m_headerSize += size;
        bytes.remove_prefix(size);
        if (m_headerSize == headerWanted())
            FRESHET_TRY(beginFrame());
    }
    return {};
}

/// Bytes of the header under way, as far as is known: its second byte tells.
std::size_t WebSocketParser::headerWanted() const
{
    if (m_headerSize < 2)
        return 2;
    const unsigned length = m_header[1] & 0x7FU;
    return length == kEightByteLength ? 10 : length == kTwoByteLength ? 4 : 2;
}

Status WebSocketParser::beginFrame()
{
    m_isFinal = (m_header[0] & 0x80U) != 0;
    m_opcode = static_cast<WebSocketOpcode>(m_header[0] & 0x0FU);
    FRESHET_TRY(checkOpcode((m_header[0] & 0x70U) != 0));
    if ((m_header[1] & 0x80U) != 0)
        return violation("the server masks its frames");
    const auto length = payloadLength();
    if (!length)
        return fail(length.error());
    if (isControl()) {
        if (*length > kLongestControl || !m_isFinal)
            return violation("a control frame is in pieces or longer than 125 bytes");
        m_control.clear();
    } else if (*length > m_limit - m_message.size()) {
        return fail(ErrorCode::SizeLimitExceeded, "a WebSocket message of at least " +
                                                      std::to_string(m_message.size() + *length) +
                                                      " bytes exceeds the limit of " +
                                                      std::to_string(m_limit) + " bytes a row");
    } else if (m_opcode != WebSocketOpcode::Continuation) {
        m_kind = m_opcode;
    }
    m_left = *length;
    m_isInPayload = true;
    return {};
}

Status WebSocketParser::checkOpcode(bool isReserved) const
{
    if (isReserved)
        return violation("a frame uses an extension that was not asked for");
    switch (m_opcode) {
    case WebSocketOpcode::Continuation:
        if (m_kind == WebSocketOpcode::Continuation)
            return violation("a frame continues a message that has not begun");
        return {};
    case WebSocketOpcode::Text:
    case WebSocketOpcode::Binary:
        if (m_kind != WebSocketOpcode::Continuation)
            return violation("a message begins before the one under way has ended");
        return {};
    case WebSocketOpcode::Close:
    case WebSocketOpcode::Ping:
    case WebSocketOpcode::Pong:
        return {};
    }
    return violation("unknown opcode " + std::to_string(static_cast<int>(m_opcode)));
}

Result<std::uint64_t> WebSocketParser::payloadLength() const
{
    const std::uint64_t small = m_header[1] & 0x7FU;
    if (small < kTwoByteLength)
        return small;
    std::uint64_t length = 0;
    for (std::size_t at = 2; at < m_headerSize; ++at)
        length = length << 8 | m_header[at];
    const bool isTooLong = small == kEightByteLength && length > INT64_MAX;
    const bool isPadded = length < (small == kTwoByteLength ? kTwoByteLength : 0x10000U);
    if (isTooLong || isPadded)
        return violation("a frame's length is not written as it must be");
    return length;
}

Status WebSocketParser::takePayload(std::string_view &bytes, const Sink &sink)
{
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, bytes.size()));
    const std::string_view part = bytes.substr(0, size);
    bytes.remove_prefix(size);
    m_left -= size;
    std::string &gathered = isControl() ? m_control : m_message;
    if (m_left == 0 && gathered.empty() && m_isFinal)
        return endFrame(part, sink);
    gathered.append(part);
    return m_left == 0 ? endFrame(gathered, sink) : Status();
}

Status WebSocketParser::endFrame(std::string_view payload, const Sink &sink)
{
    m_isInPayload = false;
    m_headerSize = 0;
    if (isControl())
        return sink(m_opcode, payload);
    if (!m_isFinal)
        return {};
    const WebSocketOpcode kind = std::exchange(m_kind, WebSocketOpcode::Continuation);
    Status taken = sink(kind, payload);
    m_message.clear();
    return taken;
}

void appendClientFrame(std::string &out, WebSocketOpcode opcode, std::string_view payload,
                       std::array<unsigned char, 4> mask)
{
    constexpr unsigned kFinal = 0x80;
    constexpr unsigned kMasked = 0x80;
    const auto append = [&out](std::uint64_t value, int bytes) {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
            out.push_back(static_cast<char>(value >> shift & 0xFF));
    };
    append(kFinal | static_cast<unsigned>(opcode), 1);
    if (payload.size() < kTwoByteLength) {
        append(kMasked | payload.size(), 1);
    } else if (payload.size() <= 0xFFFF) {
        append(kMasked | kTwoByteLength, 1);
        append(payload.size(), 2);
    } else {
        append(kMasked | kEightByteLength, 1);
        append(payload.size(), 8);
    }
    for (const unsigned char byte : mask)
        out.push_back(static_cast<char>(byte));
    for (std::size_t at = 0; at < payload.size(); ++at)
        out.push_back(static_cast<char>(static_cast<unsigned char>(payload[at]) ^ mask[at % 4]));
}

Result<WebSocketClose> WebSocketClose::parse(std::string_view payload)
{
    WebSocketClose close;
    if (payload.empty())
        return close;
    if (payload.size() < 2)
        return violation("a close frame holds half a code");
    close.code =
        static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
    const bool isRegistered = (close.code >= 1000 && close.code <= 1014 && close.code != 1004 &&
                               close.code != 1005 && close.code != 1006);
    if (!isRegistered && (close.code < 3000 || close.code > 4999))
        return violation("the close code " + std::to_string(close.code) + " may not be sent");
    close.reason = payload.substr(2);
    return close;
}

std::string WebSocketClose::toString() const
{
    constexpr std::array kNames = {"normal",
                                   "going away",
                                   "protocol error",
                                   "unsupported data",
                                   "",
                                   "no code",
                                   "no close frame",
                                   "invalid text",
                                   "policy violation",
                                   "message too big",
                                   "extension missing",
                                   "internal error",
                                   "service restart",
                                   "try again later",
                                   "bad gateway"};
    std::string text = std::to_string(code);
    if (code >= 1000 && code < 1000 + static_cast<int>(kNames.size()))
        text.append(" (").append(kNames[static_cast<std::size_t>(code - 1000)]).append(")");
    if (!reason.empty())
        text += ": \"" + Error::excerptOf(reason) + '"';
    return text;
}

std::optional<Error> WebSocketClose::error() const
{
    ErrorCode meaning = ErrorCode::InBandError;
    switch (code) {
    case 1000:
    case kNone:
        return std::nullopt;
    case 1001:
    case 1006:
    case 1011:
    case 1012:
    case 1013:
    case 1014:
        meaning = ErrorCode::ConnectionLost;
        break;
    case 1002:
    case 1003:
    case 1007:
    case 1010:
        meaning = ErrorCode::ProtocolViolation;
        break;
    case 1009:
        meaning = ErrorCode::SizeLimitExceeded;
        break;
    default:
        break;
    }
    return Error{.code = meaning,
                 .detail = "the server closed the WebSocket with code " + toString(),
                 .nativeCode = code};
}

} // namespace freshet::transport
