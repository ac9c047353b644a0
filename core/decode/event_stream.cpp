// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/event_stream.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace freshet::decode {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The first CR or LF of `bytes`, or its end.
std::size_t lineEnd(std::string_view bytes)
{
    const void *lf = std::memchr(bytes.data(), '\n', bytes.size());
    const std::size_t end =
        lf == nullptr ? bytes.size()
                      : static_cast<std::size_t>(static_cast<const char *>(lf) - bytes.data());
    const void *cr = std::memchr(bytes.data(), '\r', end);
    return cr == nullptr ? end
                         : static_cast<std::size_t>(static_cast<const char *>(cr) - bytes.data());
}

std::optional<std::chrono::milliseconds> readRetry(std::string_view value)
{
    const auto isDigit = [](char c) {
        return c >= '0' && c <= '9';
    };
    if (value.empty() || !std::all_of(value.begin(), value.end(), isDigit))
        return std::nullopt;
    std::int64_t number = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    if (read.ec != std::errc())
        return std::nullopt;
    return std::chrono::milliseconds(number);
}

} // namespace

Status EventStreamParser::feed(std::string_view bytes, const Sink &sink)
{
    while (!bytes.empty()) {
        if (m_skipLineFeed) {
            m_skipLineFeed = false;
            if (bytes.front() == '\n') {
                bytes.remove_prefix(1);
                m_consumed += ByteCount(1);
                // The LF belongs to the line end that has been acted on.
                if (!isInsideEvent())
                    m_position = m_consumed;
                continue;
            }
        }
        const std::size_t end = lineEnd(bytes);
        if (end == bytes.size()) {
            m_line.append(bytes);
            m_consumed += ByteCount(static_cast<std::int64_t>(bytes.size()));
            return checkSize();
        }
        m_skipLineFeed = bytes[end] == '\r';
        m_consumed += ByteCount(static_cast<std::int64_t>(end) + 1);
        if (m_line.empty()) {
            FRESHET_TRY(takeLine(bytes.substr(0, end), sink));
        } else {
            m_line.append(bytes.substr(0, end));
            FRESHET_TRY(takeLine(m_line, sink));
            m_line.clear();
        }
        bytes.remove_prefix(end + 1);
    }
    return {};
}

void EventStreamParser::reset()
{
    *this = EventStreamParser(m_limits);
}

bool EventStreamParser::isInsideEvent() const
{
    return m_hasFields || !m_line.empty();
}

Status EventStreamParser::takeLine(std::string_view line, const Sink &sink)
{
    if (m_isFirstLine) {
        m_isFirstLine = false;
        if (line.starts_with(kByteOrderMark))
            line.remove_prefix(kByteOrderMark.size());
    }
    if (line.empty())
        return dispatch(sink);
    if (line.front() == ':')
        return {};
    m_hasFields = true;
    const std::size_t colon = line.find(':');
    if (colon == line.npos) {
        takeField(line, {});
    } else {
        std::string_view value = line.substr(colon + 1);
        if (value.starts_with(' '))
            value.remove_prefix(1);
        takeField(line.substr(0, colon), value);
    }
    return checkSize();
}

void EventStreamParser::takeField(std::string_view name, std::string_view value)
{
    if (name == "data") {
        m_data.append(value);
        m_data += '\n';
    } else if (name == "event") {
        m_type = value;
    } else if (name == "id") {
        if (value.find('\0') == value.npos)
            m_id = value;
    } else if (name == "retry") {
        if (const auto retry = readRetry(value))
            m_retry = retry;
    }
}

Status EventStreamParser::dispatch(const Sink &sink)
{
    m_hasFields = false;
    m_lastEventId = m_id;
    m_position = m_consumed;
    Status taken;
    if (!m_data.empty()) {
        m_data.pop_back(); // the LF after the last data line
        taken =
            sink({.type = m_type.empty() ? std::string_view("message") : std::string_view(m_type),
                  .data = m_data,
                  .id = m_lastEventId,
                  .end = m_position});
    }
    m_data.clear();
    m_type.clear();
    return taken;
}

Status EventStreamParser::checkSize() const
{
    const auto size =
        static_cast<std::int64_t>(m_line.size() + m_data.size() + m_type.size() + m_id.size());
    if (size <= m_limits.rowBytes.value())
        return {};
    return fail(Error{.code = ErrorCode::RowTooLarge,
                      .detail = "an event is longer than " +
                                std::to_string(m_limits.rowBytes.value()) + " bytes",
                      .byteOffset = m_position});
}

} // namespace freshet::decode
