// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

/// What tells where the body ends (RFC 9112 §6.3).
enum class BodyFraming {
    None,      ///< there is no body: 204, 205, 304, an answer to HEAD
    Length,    ///< Content-Length
    Chunked,   ///< Transfer-Encoding: chunked
    Stream,    ///< HTTP/2 END_STREAM
    UntilClose ///< nothing
};

/// Status line and header fields of one answer, checked.
struct MessageHead
{
    int status = 0;
    std::string version; ///< "1.0", "1.1", "2"
    std::string reason;  ///< as sent; empty over HTTP/2
    std::vector<Header> headers;
    BodyFraming framing = BodyFraming::None;
    std::optional<ByteCount> length; ///< of the body, where Content-Length counts

    /// The comma-separated members of all fields called `name`, trimmed, without empty ones.
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
};

/// Builds a MessageHead from header lines, skipping interim answers (1xx).
///
/// libcurl reads the lines off the connection; this judges them more strictly than it does, so that
/// no answer with doubtful framing passes for a complete one: contradicting or malformed
/// Content-Length, unknown transfer codings, blanks in field names, bare CR and zero bytes are
/// ProtocolViolation. A line that ends in LF alone is read (RFC 9112 §2.2 allows it).
/// Source: RFC 9112 §2–§6, RFC 9110 §5, §15.
class ResponseHeadParser
{
public:
    /// `method` of the request: an answer to HEAD has no body.
    ResponseHeadParser(std::string_view method, const Limits &limits);
    /// The request asked for another protocol: 101 is the answer, with no body.
    void expectUpgrade() { m_mayUpgrade = true; }

    /// One line with its line end. Errors: ProtocolViolation, SizeLimitExceeded.
    [[nodiscard]] Status addLine(std::string_view line);
    /// Whether the empty line after a final (not interim) head was seen.
    [[nodiscard]] bool isComplete() const { return m_isComplete; }
    [[nodiscard]] bool hasStarted() const { return m_size > 0; }
    [[nodiscard]] const MessageHead &head() const { return m_head; }

private:
    Status addStatusLine(std::string_view line);
    Status addField(std::string_view line);
    Status addFolded(std::string_view line);
    Status finishHead();
    Status readLength();
    Status readTransferCoding(bool &isChunked) const;

    bool m_isHead;
    bool m_mayUpgrade = false;
    std::int64_t m_maxSize;
    std::int64_t m_size = 0;
    bool m_inHead = false;
    bool m_isComplete = false;
    MessageHead m_head;
};

/// The usual words for a status ("Not Found"), for HTTP/2, which sends none; empty if unknown.
[[nodiscard]] std::string_view reasonPhrase(int status);

} // namespace freshet::transport
