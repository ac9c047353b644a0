// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/raw_server.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::test {

/// One request as the server sees it.
struct Asked
{
    std::string text; ///< the whole request as it came

    [[nodiscard]] std::string target() const;
    /// The value of the first header called `name` (any case).
    [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
    /// N of `Range: bytes=N-` or `bytes=N-M`, if there is one.
    [[nodiscard]] std::optional<std::size_t> rangeStart() const;
    /// The place behind the last byte of `bytes=N-M`; nothing for `bytes=N-`.
    [[nodiscard]] std::optional<std::size_t> rangeEnd() const;
};

/// What an honest server holds at its address, and how it offers it.
struct Resource
{
    std::string body; ///< as it goes over the wire, that is encoded
    std::string contentType;
    std::string etag = "\"v1\""; ///< as sent; empty: none
    std::string lastModified;    ///< empty: none
    std::string contentEncoding; ///< empty: none
    bool hasRanges = true;

    /// `HTTP/1.1 <status>` and the headers that describe the resource, with `more` (each line with
    /// its CRLF) behind them and the empty line at the end.
    [[nodiscard]] std::string head(std::string_view status, std::string_view more = {}) const;
    /// `Content-Length: …` of `body`.
    [[nodiscard]] static std::string length(std::size_t bytes);
    /// The whole as 200.
    [[nodiscard]] std::string whole() const;
    /// The bytes from `from` on as 206, up to `end` if that is less than all.
    [[nodiscard]] std::string rest(std::size_t from, std::size_t end = std::string::npos) const;
    /// What RFC 9110 §14.2 and §13.1.5 ask a server to answer: 206 if it can be, else the whole.
    [[nodiscard]] std::string answerTo(const Asked &asked) const;
};

/// `text` as one chunk of chunked coding; the last chunk is not part of it.
[[nodiscard]] std::string chunk(std::string_view text);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";
inline constexpr std::string_view kChunked = "Transfer-Encoding: chunked\r\n";

/// How one request is answered.
using Answer = std::function<Script(const Asked &)>;

/// A server that holds one resource and answers the first requests as a script tells it to, which
/// may be any fault; all later ones honestly. It keeps what it was asked.
///
/// Threads: thread-safe. Lifetime: answers are called until the destructor has joined its threads.
class FaultServer
{
public:
    FaultServer(Resource resource, std::vector<Answer> answers, const RawServer::Tls &tls = {});

    [[nodiscard]] std::string url(std::string_view path = "/rows") const;
    [[nodiscard]] int port() const { return m_server.port(); }
    [[nodiscard]] std::vector<Asked> asked() const;
    [[nodiscard]] std::int64_t bytesSent() const { return m_server.bytesSent(); }

private:
    const Resource m_resource;
    const std::vector<Answer> m_answers;
    RawServer m_server; ///< last: its threads use what is above
};

} // namespace freshet::test
