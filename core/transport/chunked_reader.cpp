// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/chunked_reader.h"

#include "transport/ascii.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace freshet::transport {

namespace {

constexpr std::size_t kMaxLine = 16 * 1024;

tl::unexpected<Error> violation(std::string_view reason, std::string_view excerpt)
{
    return fail(Error{.code = ErrorCode::ProtocolViolation,
                      .detail = "broken chunked body: " + std::string(reason),
                      .excerpt = Error::excerptOf(excerpt)});
}

void skipBlanks(std::string_view &text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

bool skipToken(std::string_view &text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), isTokenCharacter);
    const auto length = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(length);
    return length > 0;
}

bool skipQuoted(std::string_view &text)
{
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return true;
        }
        if (text[i] == '\\')
            ++i;
    }
    return false;
}

/// *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ) and trailing blanks.
bool isExtensionList(std::string_view text)
{
    skipBlanks(text);
    while (!text.empty()) {
        if (text.front() != ';')
            return false;
        text.remove_prefix(1);
        skipBlanks(text);
        if (!skipToken(text))
            return false;
        skipBlanks(text);
        if (!text.starts_with('='))
            continue;
        text.remove_prefix(1);
        skipBlanks(text);
        if (!(text.starts_with('"') ? skipQuoted(text) : skipToken(text)))
            return false;
        skipBlanks(text);
    }
    return true;
}

/// More digits than 64 bits have, however the line goes on; libcurl gives up there as well.
bool isOverlongSize(std::string_view line)
{
    return line.size() > 16 && line.find_first_not_of("0123456789abcdefABCDEF") > 16;
}

} // namespace

Status ChunkedReader::feed(std::string_view bytes, const Output &output)
{
    while (!bytes.empty() && m_state != State::Done) {
        if (m_state == State::Data) {
            const std::string_view payload =
                bytes.substr(0, std::min<std::uint64_t>(m_left, bytes.size()));
            m_left -= payload.size();
            bytes.remove_prefix(payload.size());
            if (m_left == 0)
                m_state = State::DataEnd;
            FRESHET_TRY(output(payload));
            continue;
        }
        bool isWhole = false;
        const std::size_t limit = m_state == State::Trailer ? m_trailerLimit : kMaxLine;
        FRESHET_TRY(takeLine(bytes, limit, isWhole));
        if (!isWhole)
            break;
        if (m_state == State::Size) {
            FRESHET_TRY(readSize());
        } else if (m_state == State::Trailer) {
            FRESHET_TRY(readTrailer());
        } else if (!m_line.empty()) {
            return violation("a chunk is longer than its size says", m_line);
        } else {
            m_state = State::Size;
        }
        m_line.clear();
    }
    return {};
}

/// Move bytes into m_line up to CRLF, which is dropped.
Status ChunkedReader::takeLine(std::string_view &bytes, std::size_t limit, bool &isWhole)
{
    const std::size_t lineFeed = bytes.find('\n');
    const std::size_t end = std::min(lineFeed, bytes.size());
    if (m_line.size() + end > limit)
        return fail(ErrorCode::SizeLimitExceeded,
                    "a line of the chunked body exceeds the limit of " + std::to_string(limit) +
                        " bytes");
    m_line.append(bytes.substr(0, end));
    if (m_state == State::Size && isOverlongSize(m_line))
        return violation("the chunk size is too large", m_line);
    isWhole = lineFeed != std::string_view::npos;
    bytes.remove_prefix(isWhole ? end + 1 : end);
    if (!isWhole)
        return {};
    if (!m_line.ends_with('\r'))
        return violation("a line does not end in CRLF", m_line);
    m_line.pop_back();
    if (m_line.find_first_of(std::string_view("\0\r", 2)) != std::string_view::npos)
        return violation("a line contains a zero byte or a stray CR", "");
    return {};
}

Status ChunkedReader::readSize()
{
    const char *const end = m_line.data() + m_line.size();
    std::uint64_t size = 0;
    const auto parsed = std::from_chars(m_line.data(), end, size, 16);
    if (parsed.ec == std::errc::invalid_argument)
        return violation("no chunk size", m_line);
    if (parsed.ec != std::errc() || size > std::numeric_limits<std::int64_t>::max())
        return violation("the chunk size is too large", m_line);
    if (!isExtensionList({parsed.ptr, static_cast<std::size_t>(end - parsed.ptr)}))
        return violation("rubbish after the chunk size", m_line);
    if (m_observer != nullptr && size > 0)
        m_observer->onChunk(static_cast<std::int64_t>(size));
    m_left = size;
    m_state = size == 0 ? State::Trailer : State::Data;
    return {};
}

Status ChunkedReader::readTrailer()
{
    if (m_line.empty()) {
        m_state = State::Done;
        return {};
    }
    m_trailerSize += m_line.size() + 2;
    if (m_trailerSize > m_trailerLimit)
        return fail(ErrorCode::SizeLimitExceeded, "the trailers exceed the limit of " +
                                                      std::to_string(m_trailerLimit) + " bytes");
    if (!isToken(m_line.substr(0, m_line.find(':'))) || m_line.find(':') == std::string::npos)
        return violation("malformed trailer", m_line);
    return {};
}

} // namespace freshet::transport
