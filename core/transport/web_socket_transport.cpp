// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/web_socket_transport.h"

#include "base/message_frame.h"
#include "transport/ascii.h"
#include "transport/pipe_signal_block.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace freshet::transport {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kReceive = 256 * 1024;
/// Gathered messages are handed on at this size at the latest.
constexpr std::size_t kGather = 256 * 1024;
/// A peer that said nothing for so long is asked whether it is there.
constexpr milliseconds kPingAfter{20'000};
/// Waited for what explains a refusal, once its head is here.
constexpr milliseconds kExplanationPatience{2'000};
constexpr int kGoingAway = 1001;
constexpr int kNoCloseFrame = 1006;

Error cancelled()
{
    return Error{.code = ErrorCode::Cancelled, .detail = "cancelled"};
}

milliseconds since(Clock::time_point moment)
{
    return std::chrono::duration_cast<milliseconds>(Clock::now() - moment);
}

std::string closePayload(int code)
{
    return {static_cast<char>(code >> 8 & 0xFF), static_cast<char>(code & 0xFF)};
}

} // namespace

bool isWebSocketUrl(std::string_view url)
{
    const std::string start = lowered(url.substr(0, 6));
    return start.starts_with("ws://") || start == "wss://";
}

/// One connection from the handshake to its end.
class WebSocketTransport::Talk
{
public:
    Talk(WebSocketTransport &owner, CurlSession &session, ByteSink &sink, const CancelToken &cancel)
        : m_owner(owner),
          m_connection(session, owner.m_request, owner.m_hop, owner.m_board),
          m_sink(sink),
          m_cancel(cancel),
          m_parser(owner.m_request.limits),
          m_take([this](WebSocketOpcode kind, std::string_view text) { return take(kind, text); }),
          m_block(kReceive)
    {}

    Result<TransportEnd> run()
    {
        auto rest = m_connection.open(m_cancel).and_then([this] { return shakeHands(); });
        if (!rest)
            return fail(placed(std::move(rest).error()));
        if (!m_owner.m_request.body.empty())
            FRESHET_TRY(send(WebSocketOpcode::Text, m_owner.m_request.body));
        m_owner.m_board.changeTiming([now = m_owner.m_board.sinceStart()](TransportTiming &timing) {
            timing.requestSent = now;
        });
        m_lastArrival = m_lastPing = Clock::now();
        Status talked = feed(*rest);
        while (talked && !m_close)
            talked = pump();
        return conclude(std::move(talked));
    }

private:
    /// Output: what came behind the answer's head.
    Result<std::string> shakeHands()
    {
        auto handshake = WebSocketHandshake::create(m_owner.m_request, m_owner.m_hop.url);
        if (!handshake)
            return fail(std::move(handshake).error());
        FRESHET_TRY(m_connection.send(handshake->text()));
        m_lastArrival = Clock::now();
        std::string rest;
        while (!handshake->hasHead() || (handshake->isRefused() && !handshake->isExplained())) {
            auto more = awaitAnswer(*handshake, rest);
            if (!more)
                return fail(std::move(more).error());
            if (!*more)
                break;
        }
        if (handshake->isRefused())
            m_owner.m_refusal = m_owner.headFrom(handshake->head());
        FRESHET_TRY(handshake->judge());
        const Status told = m_sink.onHead(m_owner.headFrom(handshake->head()));
        m_hasSinkFailed = !told;
        FRESHET_TRY(told);
        return rest;
    }

    /// Output: false if no more of it comes.
    Result<bool> awaitAnswer(WebSocketHandshake &handshake, std::string &rest)
    {
        if (m_cancel.isCancelled())
            return fail(cancelled());
        FRESHET_TRY(m_connection.flush());
        const auto got = m_connection.receive(m_block);
        if (!got || got->isEnd) {
            if (handshake.hasHead())
                return false;
            return fail(got ? Error{.code = ErrorCode::ConnectionLost,
                                    .detail = "the connection ended during the handshake"}
                            : got.error());
        }
        if (got->size == 0) {
            const milliseconds patience =
                handshake.hasHead() ? kExplanationPatience : m_owner.m_request.connectTimeout;
            const milliseconds left = patience - since(m_lastArrival);
            if (left <= milliseconds(0)) {
                if (handshake.hasHead())
                    return false;
                return fail(ErrorCode::Timeout, "the WebSocket handshake was not answered for " +
                                                    std::to_string(patience.count()) + " ms");
            }
            FRESHET_TRY(m_connection.wait(left + milliseconds(1)));
            return true;
        }
        const std::string_view bytes(m_block.data(), got->size);
        const auto taken = handshake.feed(bytes);
        if (!taken)
            return fail(taken.error());
        rest = bytes.substr(*taken);
        return true;
    }

    Status pump()
    {
        if (m_cancel.isCancelled())
            return fail(cancelled());
        FRESHET_TRY(sendPong());
        FRESHET_TRY(m_connection.flush());
        const auto got = m_connection.receive(m_block);
        if (!got)
            return fail(got.error());
        if (got->isEnd)
            return fail(withoutClose());
        if (got->size > 0)
            return feed({m_block.data(), got->size});
        // Nothing waits in here while the peer is silent.
        FRESHET_TRY(passGathered());
        return waitForMore();
    }

    Status feed(std::string_view bytes)
    {
        if (bytes.empty())
            return {};
        m_owner.m_board.bodyArrived(bytes.size());
        Status fed = m_parser.feed(bytes, m_take);
        m_lastArrival = Clock::now(); // the time spent in the sink is not the server's
        return fed;
    }

    Status waitForMore()
    {
        const milliseconds idleTimeout = m_owner.m_request.idleTimeout;
        const milliseconds idle = since(m_lastArrival);
        if (idle >= idleTimeout)
            return fail(ErrorCode::Timeout, "nothing arrived for " + std::to_string(idle.count()) +
                                                " ms, not even an answer to a ping");
        const milliseconds pingAfter = std::min(kPingAfter, idleTimeout / 3);
        if (idle >= pingAfter && since(m_lastPing) >= pingAfter) {
            FRESHET_TRY(send(WebSocketOpcode::Ping, {}));
            m_lastPing = Clock::now();
        }
        // A whole millisecond more, lest rounding makes the last one a busy loop.
        return m_connection.wait(std::min(pingAfter, idleTimeout - idle) + milliseconds(1));
    }

    Status take(WebSocketOpcode kind, std::string_view payload)
    {
        switch (kind) {
        case WebSocketOpcode::Ping:
            m_pong = payload; // the latest ping is the one to be answered (RFC 6455 §5.5.3)
            return {};
        case WebSocketOpcode::Close: {
            if (m_close)
                return {};
            auto close = WebSocketClose::parse(payload);
            if (!close)
                return fail(std::move(close).error());
            m_close = std::move(*close);
            return gather(MessageFlag::Close, closePayload(m_close->code) + m_close->reason);
        }
        case WebSocketOpcode::Text:
        case WebSocketOpcode::Binary:
            if (m_close)
                return {}; // nothing counts behind a close frame
            return gather(kind == WebSocketOpcode::Text ? MessageFlag::Text : MessageFlag::Binary,
                          payload);
        case WebSocketOpcode::Pong:
        case WebSocketOpcode::Continuation:
            break;
        }
        return {};
    }

    Status gather(MessageFlag flag, std::string_view payload)
    {
        if (m_gathered.size() + payload.size() + kMessageHeaderBytes > kGather)
            FRESHET_TRY(passGathered());
        appendMessageHeader(m_gathered, flag, static_cast<std::uint32_t>(payload.size()));
        if (m_gathered.size() + payload.size() > kGather) {
            FRESHET_TRY(passGathered());
            return pass(payload);
        }
        m_gathered.append(payload);
        return {};
    }

    Status passGathered()
    {
        if (m_gathered.empty())
            return {};
        Status passed = pass(m_gathered);
        m_gathered.clear();
        return passed;
    }

    Status pass(std::string_view bytes)
    {
        m_owner.m_board.handedOn(bytes.size());
        Status passed = m_sink.onBytes(bytes);
        m_hasSinkFailed = m_hasSinkFailed || !passed;
        if (m_cancel.isCancelled())
            return fail(cancelled());
        m_lastArrival = Clock::now();
        return passed;
    }

    Result<TransportEnd> conclude(Status talked)
    {
        if (!m_hasSinkFailed && !m_cancel.isCancelled()) {
            if (Status passed = passGathered(); !passed)
                talked = std::move(passed);
        }
        if (!talked) {
            // As much of a farewell as goes without waiting.
            (void)send(WebSocketOpcode::Close, closePayload(kGoingAway));
            return fail(placed(std::move(talked).error()));
        }
        (void)send(WebSocketOpcode::Close, m_close->code == WebSocketClose::kNone
                                               ? std::string()
                                               : closePayload(m_close->code));
        if (auto error = m_close->error())
            return fail(placed(std::move(*error)));
        return TransportEnd{BodyEnd::FramingComplete, m_owner.m_board.wireBytes(),
                            m_owner.m_board.decodedBytes()};
    }

    Error withoutClose() const
    {
        std::string detail = "the connection ended without a close frame (1006)";
        if (m_parser.isInsideMessage())
            detail += ", in the middle of a message";
        return {.code = ErrorCode::ConnectionLost,
                .detail = std::move(detail),
                .nativeCode = kNoCloseFrame};
    }

    Error placed(Error error) const
    {
        if (m_hasSinkFailed || error.code == ErrorCode::Cancelled)
            return error;
        error.detail += " (" + withoutSecrets(m_owner.m_request.url);
        if (const ByteCount wire = m_owner.m_board.wireBytes(); wire > ByteCount()) {
            error.detail += ", after " + std::to_string(wire.value()) + " bytes";
            error.byteOffset = ByteOffset(m_owner.m_board.decodedBytes().value());
        }
        error.detail += ')';
        return error;
    }

    Status sendPong()
    {
        // One at a time: a peer that pings and never reads must not fill our memory.
        if (!m_pong || m_connection.isSending())
            return {};
        const std::string payload = std::move(*m_pong);
        m_pong.reset();
        return send(WebSocketOpcode::Pong, payload);
    }

    Status send(WebSocketOpcode opcode, std::string_view payload)
    {
        std::array<unsigned char, 4> mask = {};
        if (RAND_bytes(mask.data(), mask.size()) != 1)
            return fail(ErrorCode::Internal, "there are no random numbers to mask a frame with");
        std::string frame;
        appendClientFrame(frame, opcode, payload, mask);
        return m_connection.send(frame);
    }

    WebSocketTransport &m_owner;
    ByteConnection m_connection;
    ByteSink &m_sink;
    const CancelToken &m_cancel;
    WebSocketParser m_parser;
    const WebSocketParser::Sink m_take;
    std::vector<char> m_block;
    std::string m_gathered;
    std::optional<std::string> m_pong;
    std::optional<WebSocketClose> m_close;
    bool m_hasSinkFailed = false;
    Clock::time_point m_lastArrival;
    Clock::time_point m_lastPing;
};

Result<std::unique_ptr<Transport>> WebSocketTransport::create(ByteRequest request)
{
    // Same host, port and path rules; ports by default are the same, too.
    const bool isTls = lowered(request.url).starts_with("wss:");
    auto url = Url::parse((isTls ? "https" : "http") + request.url.substr(isTls ? 3 : 2));
    if (!url)
        return fail(std::move(url).error());
    request.version = HttpVersion::Http1;
    Hop hop{*url, "GET", {}, {}, std::nullopt};
    return std::make_unique<WebSocketTransport>(std::move(request), std::move(hop));
}

WebSocketTransport::WebSocketTransport(ByteRequest request, Hop hop)
    : m_request(std::move(request)), m_hop(std::move(hop))
{}

Result<TransportEnd> WebSocketTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    const PipeSignalBlock noPipeSignal;
    m_board.start();
    auto session = CurlSession::create();
    if (!session)
        return fail(std::move(session).error());
    const auto registration = cancel.onCancel([&session] { (*session)->wake(); });
    return Talk(*this, **session, sink, cancel).run();
}

ResponseHead WebSocketTransport::headFrom(const MessageHead &head) const
{
    ResponseHead told;
    told.status = head.status;
    told.httpVersion = head.version;
    told.headers = head.headers;
    told.finalUrl = withoutSecrets(m_request.url);
    told.contentType = findHeader(head.headers, "Content-Type").value_or("");
    told.contentLength = head.length;
    return told;
}

} // namespace freshet::transport
