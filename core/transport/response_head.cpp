// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/response_head.h"

#include "transport/ascii.h"

#include <algorithm>
#include <charconv>

namespace freshet::transport {

namespace {

tl::unexpected<Error> violation(std::string detail, std::string_view excerpt)
{
    return fail(Error{.code = ErrorCode::ProtocolViolation,
                      .detail = std::move(detail),
                      .excerpt = Error::excerptOf(excerpt)});
}

/// `line` without CRLF or LF.
std::string_view withoutLineEnd(std::string_view line)
{
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

bool isVersion(std::string_view text)
{
    return text == "1.0" || text == "1.1" || text == "2" || text == "2.0";
}

} // namespace

std::vector<std::string> MessageHead::list(std::string_view name) const
{
    std::vector<std::string> members;
    for (const Header &header : headers) {
        if (!equalsIgnoringCase(header.name, name))
            continue;
        std::string_view rest = header.value;
        while (true) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            if (const auto member = trimmed(rest.substr(0, comma)); !member.empty())
                members.emplace_back(member);
            if (comma == rest.size())
                break;
            rest.remove_prefix(comma + 1);
        }
    }
    return members;
}

ResponseHeadParser::ResponseHeadParser(std::string_view method, const Limits &limits)
    : m_isHead(method == "HEAD"), m_maxSize(limits.headerBytes.value())
{}

Status ResponseHeadParser::addLine(std::string_view line)
{
    m_size += static_cast<std::int64_t>(line.size());
    if (m_size > m_maxSize)
        return fail(ErrorCode::SizeLimitExceeded, "the response headers exceed the limit of " +
                                                      std::to_string(m_maxSize) + " bytes");
    line = withoutLineEnd(line);
    if (line.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos)
        return violation("a response header contains a zero byte or a stray line break", "");
    if (m_isComplete)
        return {}; // a trailer field: nothing of ours depends on one
    if (!m_inHead)
        return addStatusLine(line);
    if (line.empty())
        return finishHead();
    if (line.front() == ' ' || line.front() == '\t')
        return addFolded(line);
    return addField(line);
}

Status ResponseHeadParser::addStatusLine(std::string_view line)
{
    // HTTP-version SP 3DIGIT [SP reason]; without the second blank some servers send no reason.
    constexpr std::string_view kName = "HTTP/";
    const std::size_t blank = line.find(' ');
    if (!line.starts_with(kName) || blank == std::string_view::npos)
        return violation("the answer does not start with an HTTP status line", line);
    const std::string_view version = line.substr(kName.size(), blank - kName.size());
    const std::string_view code = line.substr(blank + 1, 3);
    const std::string_view rest = line.substr(std::min(blank + 4, line.size()));
    if (!isVersion(version) || code.size() != 3 ||
        !std::all_of(code.begin(), code.end(), isDigit) || code.front() == '0' ||
        !(rest.empty() || rest.front() == ' '))
        return violation("malformed HTTP status line", line);

    m_head = MessageHead();
    m_head.version = version.substr(0, version == "2.0" ? 1 : version.size());
    m_head.status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
    m_head.reason = trimmed(rest);
    m_inHead = true;
    return {};
}

Status ResponseHeadParser::addField(std::string_view line)
{
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon)))
        return violation("malformed response header", line);
    m_head.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
    return {};
}

Status ResponseHeadParser::addFolded(std::string_view line)
{
    if (m_head.headers.empty())
        return violation("a header line starts with a blank", line);
    Header &last = m_head.headers.back();
    // Folded framing fields are read differently by everyone: take none.
    if (equalsIgnoringCase(last.name, "Content-Length") ||
        equalsIgnoringCase(last.name, "Transfer-Encoding"))
        return violation(last.name + " is folded over several lines", line);
    last.value.append(" ").append(trimmed(line));
    return {};
}

Status ResponseHeadParser::finishHead()
{
    m_inHead = false;
    if (m_head.status == 101 && m_mayUpgrade) {
        m_isComplete = true;
        return {};
    }
    if (m_head.status == 101)
        return violation("the server switched to another protocol unasked", "");
    if (m_head.status < 200)
        return {}; // interim; the real answer follows

    m_isComplete = true;
    bool isChunked = false;
    FRESHET_TRY(readTransferCoding(isChunked));
    FRESHET_TRY(readLength());
    const bool hasNoBody =
        m_isHead || m_head.status == 204 || m_head.status == 205 || m_head.status == 304;
    if (hasNoBody)
        m_head.framing = BodyFraming::None;
    else if (isChunked)
        m_head.framing = BodyFraming::Chunked;
    else if (m_head.length)
        m_head.framing = BodyFraming::Length;
    else
        m_head.framing = m_head.version == "2" ? BodyFraming::Stream : BodyFraming::UntilClose;
    if (isChunked) // RFC 9112 §6.3 rule 3: the length does not count
        m_head.length.reset();
    return {};
}

Status ResponseHeadParser::readLength()
{
    for (const std::string &text : m_head.list("Content-Length")) {
        std::int64_t value = 0;
        const char *const end = text.data() + text.size();
        const auto parsed = std::from_chars(text.data(), end, value);
        if (!std::all_of(text.begin(), text.end(), isDigit) || parsed.ec != std::errc() ||
            parsed.ptr != end)
            return violation("malformed Content-Length", text);
        if (m_head.length && *m_head.length != ByteCount(value))
            return violation("contradicting values of Content-Length", text);
        m_head.length = ByteCount(value);
    }
    // A field whose value is empty or only commas announces nothing that could be relied on.
    if (!m_head.length && findHeader(m_head.headers, "Content-Length"))
        return violation("empty Content-Length", "");
    return {};
}

Status ResponseHeadParser::readTransferCoding(bool &isChunked) const
{
    const auto codings = m_head.list("Transfer-Encoding");
    for (const std::string &coding : codings) {
        // We ask for none but chunked (no TE is sent), and it may be applied only once.
        if (!equalsIgnoringCase(coding, "chunked") || codings.size() > 1)
            return violation("unsupported Transfer-Encoding", coding);
    }
    isChunked = !codings.empty();
    return {};
}

std::string_view reasonPhrase(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 406:
        return "Not Acceptable";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 412:
        return "Precondition Failed";
    case 416:
        return "Range Not Satisfiable";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return {};
    }
}

} // namespace freshet::transport
