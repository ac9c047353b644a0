// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/web_socket_handshake.h"

#include "base/base64.h"
#include "transport/ascii.h"
#include "transport/redirects.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace freshet::transport {

namespace {

constexpr std::size_t kMostExplanation = 4096;

/// What the server must answer to `key`; empty if there is no SHA-1.
std::string acceptFor(const std::string &key)
{
    const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest = {};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        return {};
    return toBase64({reinterpret_cast<const char *>(digest.data()), size});
}

bool isOwn(std::string_view name)
{
    constexpr std::array<std::string_view, 5> kOwn = {"Upgrade", "Connection", "Sec-WebSocket-Key",
                                                      "Sec-WebSocket-Version",
                                                      "Sec-WebSocket-Extensions"};
    return std::ranges::any_of(
        kOwn, [name](std::string_view own) { return equalsIgnoringCase(own, name); });
}

bool isPrintable(std::string_view text)
{
    return std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    });
}

/// Host and target of a request line, out of `scheme://authority[/path][?query]`.
std::pair<std::string, std::string> authorityAndTarget(const std::string &url)
{
    const std::size_t start = url.find("://") + 3;
    const std::size_t end = std::min(url.find_first_of("/?", start), url.size());
    std::string target = url.substr(end);
    if (!target.starts_with('/'))
        target.insert(0, "/");
    return {url.substr(start, end - start), std::move(target)};
}

tl::unexpected<Error> violation(std::string detail)
{
    return fail(ErrorCode::ProtocolViolation, "WebSocket handshake: " + std::move(detail));
}

} // namespace

Result<WebSocketHandshake> WebSocketHandshake::create(const ByteRequest &request, const Url &url)
{
    std::array<unsigned char, 16> nonce = {};
    if (RAND_bytes(nonce.data(), nonce.size()) != 1)
        return fail(ErrorCode::Internal, "there are no random numbers for the handshake");
    const std::string key = toBase64({reinterpret_cast<const char *>(nonce.data()), nonce.size()});

    const auto [authority, target] = authorityAndTarget(url.text());
    std::string text = "GET " + target + " HTTP/1.1\r\n";
    const auto add = [&](const std::string &name, const std::string &value) {
        text.append(name).append(": ").append(value).append("\r\n");
    };
    const auto addUnlessNamed = [&](const std::string &name, const std::string &value) {
        if (!findHeader(request.headers, name))
            add(name, value);
    };
    addUnlessNamed("Host", authority);
    add("Upgrade", "websocket");
    add("Connection", "Upgrade");
    add("Sec-WebSocket-Key", key);
    add("Sec-WebSocket-Version", "13");
    addUnlessNamed("User-Agent", "Freshet/" FRESHET_VERSION);
    if (const auto &credentials = url.credentials())
        addUnlessNamed("Authorization",
                       "Basic " + toBase64(credentials->user + ':' + credentials->password));
    for (const Header &header : request.headers) {
        if (isOwn(header.name))
            return fail(ErrorCode::InvalidArgument,
                        "the header " + header.name + " belongs to the WebSocket handshake");
        add(header.name, header.value);
    }
    text += "\r\n";
    const bool asksForProtocol = findHeader(request.headers, "Sec-WebSocket-Protocol").has_value();
    return WebSocketHandshake(key, std::move(text), asksForProtocol, request.limits);
}

WebSocketHandshake::WebSocketHandshake(std::string key, std::string text, bool asksForProtocol,
                                       const Limits &limits)
    : m_key(std::move(key)),
      m_text(std::move(text)),
      m_asksForProtocol(asksForProtocol),
      m_mostLine(limits.headerBytes.asSize()),
      m_parser("GET", limits)
{
    m_parser.expectUpgrade();
}

Result<std::size_t> WebSocketHandshake::feed(std::string_view bytes)
{
    std::size_t taken = 0;
    while (!hasHead() && taken < bytes.size()) {
        const std::size_t end = std::min(bytes.find('\n', taken), bytes.size() - 1) + 1;
        m_line.append(bytes.substr(taken, end - taken));
        taken = end;
        if (m_line.ends_with('\n')) {
            FRESHET_TRY(m_parser.addLine(m_line));
            m_line.clear();
        } else if (m_line.size() > m_mostLine) {
            return fail(ErrorCode::SizeLimitExceeded, "a line of the answer has no end");
        }
    }
    if (!isRefused())
        return taken;
    takeBody(bytes.substr(taken));
    return bytes.size();
}

void WebSocketHandshake::takeBody(std::string_view bytes)
{
    const auto keep = [this](std::string_view part) -> Status {
        m_body.append(part.substr(0, kMostExplanation - m_body.size()));
        return {};
    };
    if (head().framing != BodyFraming::Chunked) {
        (void)keep(bytes);
        return;
    }
    if (!m_chunks)
        m_chunks.emplace(ByteCount(static_cast<std::int64_t>(kMostExplanation)));
    m_isDamaged = !m_chunks->feed(bytes, keep); // its beginning is still worth a look
}

bool WebSocketHandshake::isExplained() const
{
    if (m_isDamaged || m_body.size() >= kMostExplanation || head().framing == BodyFraming::None)
        return true;
    if (head().framing == BodyFraming::Chunked)
        return m_chunks && m_chunks->isComplete();
    return head().length && m_body.size() >= head().length->asSize();
}

Status WebSocketHandshake::judge() const
{
    return isRefused() ? fail(refusal()) : checkAcceptance();
}

Status WebSocketHandshake::checkAcceptance() const
{
    const auto names = [this](std::string_view field, std::string_view token) {
        return std::ranges::any_of(head().list(field), [token](const std::string &member) {
            return equalsIgnoringCase(member, token);
        });
    };
    if (!names("Upgrade", "websocket") || !names("Connection", "upgrade"))
        return violation("the server switched to another protocol than WebSocket");
    const auto accept = findHeader(head().headers, "Sec-WebSocket-Accept");
    if (!accept || trimmed(*accept) != acceptFor(m_key))
        return violation("the server's answer is not to this request (Sec-WebSocket-Accept)");
    if (!head().list("Sec-WebSocket-Extensions").empty())
        return violation("the server uses an extension that was not asked for");
    if (findHeader(head().headers, "Sec-WebSocket-Protocol") && !m_asksForProtocol)
        return violation("the server chose a subprotocol that was not asked for");
    return {};
}

Error WebSocketHandshake::refusal() const
{
    std::string detail = "the server answered " + std::to_string(head().status);
    const std::string_view reason =
        head().reason.empty() ? reasonPhrase(head().status) : std::string_view(head().reason);
    if (!reason.empty() && isPrintable(reason))
        detail += ' ' + Error::excerptOf(reason);
    detail += " in place of a WebSocket";
    if (const auto target = findHeader(head().headers, "Location");
        target && isRedirect(head().status))
        detail += "; it leads to " + withoutSecrets(*target) + ", which is not followed";
    std::string excerpt = Error::excerptOf(trimmed(m_body));
    if (!isPrintable(excerpt))
        excerpt.clear();
    return Error{.code = ErrorCode::HttpStatus,
                 .detail = std::move(detail),
                 .excerpt = std::move(excerpt),
                 .nativeCode = head().status};
}

} // namespace freshet::transport
