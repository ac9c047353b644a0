// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/event_stream.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace freshet::decode {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMaxStrayText = 512;

/// Finds line ends in one piece of input. Each byte is looked at once for either sort of end, so
/// that a stream that knows only one of them costs no more.
class LineEnds
{
public:
    explicit LineEnds(std::string_view bytes) : m_end(bytes.data() + bytes.size()) {}

    /// The first CR or LF from `at` on, or the end of the piece.
    const char *after(const char *at)
    {
        m_lineFeed = found('\n', at, m_lineFeed);
        m_carriageReturn = found('\r', at, m_carriageReturn);
        return std::min(m_lineFeed, m_carriageReturn);
    }

private:
    [[nodiscard]] const char *found(char what, const char *at, const char *last) const
    {
        if (last != nullptr && last >= at)
            return last;
        const void *const place = std::memchr(at, what, static_cast<std::size_t>(m_end - at));
        return place == nullptr ? m_end : static_cast<const char *>(place);
    }

    const char *m_end;
    const char *m_lineFeed = nullptr;
    const char *m_carriageReturn = nullptr;
};

/// Compares without a call: this is asked of each line.
template <std::size_t N>
bool is(std::string_view text, const char (&word)[N])
{
    return text.size() == N - 1 && std::memcmp(text.data(), word, N - 1) == 0;
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

void EventStreamParser::goOnFrom(std::string id)
{
    m_lastEventId = std::move(id);
    m_id = m_lastEventId;
}

Status EventStreamParser::feed(std::string_view bytes, const Sink &sink)
{
    const char *at = bytes.data();
    const char *const end = at + bytes.size();
    const std::int64_t base = std::exchange(m_consumed, m_consumed + std::ssize(bytes));
    const auto offsetOf = [&](const char *place) {
        return base + (place - bytes.data());
    };
    LineEnds lineEnds(bytes);
    while (at < end) {
        if (std::exchange(m_skipLineFeed, false) && *at == '\n') {
            ++at;
            // The LF belongs to the line end that has been acted on.
            if (!isInsideEvent())
                m_position = ByteOffset(offsetOf(at));
            continue;
        }
        const char *const lineEnd = lineEnds.after(at);
        const std::string_view text(at, static_cast<std::size_t>(lineEnd - at));
        if (m_line.empty() && !m_isInComment)
            m_lineOffset = offsetOf(at);
        if (lineEnd == end) {
            keepPartialLine(text);
            keepPartialData();
            return checkSize(m_line.size());
        }
        m_skipLineFeed = *lineEnd == '\r';
        at = lineEnd + 1;
        ++m_linesSeen;
        if (std::exchange(m_isInComment, false))
            continue;
        if (m_line.empty()) {
            FRESHET_TRY(takeLine({text, m_lineOffset, true}, offsetOf(at), sink));
        } else {
            m_line.append(text);
            FRESHET_TRY(takeLine({m_line, m_lineOffset, false}, offsetOf(at), sink));
            m_line.clear();
        }
    }
    keepPartialData();
    return {};
}

void EventStreamParser::reset()
{
    *this = EventStreamParser(m_limits);
}

void EventStreamParser::keepPartialLine(std::string_view start)
{
    if (m_isInComment)
        return;
    m_line.append(start);
    if (m_isFirstLine && m_line.starts_with(kByteOrderMark)) {
        m_isFirstLine = false;
        m_line.erase(0, kByteOrderMark.size());
        m_lineOffset += std::ssize(kByteOrderMark);
    }
    if (m_line.starts_with(':')) {
        m_isFirstLine = false;
        m_isInComment = true;
        m_line.clear();
    }
}

/// The input is about to go: data in it must not.
void EventStreamParser::keepPartialData()
{
    if (m_dataInPlace.data() == nullptr)
        return;
    m_data = m_dataInPlace;
    m_dataInPlace = {};
}

Status EventStreamParser::takeLine(Line line, std::int64_t end, const Sink &sink)
{
    if (std::exchange(m_isFirstLine, false) && line.text.starts_with(kByteOrderMark)) {
        line.text.remove_prefix(kByteOrderMark.size());
        line.offset += std::ssize(kByteOrderMark);
    }
    if (line.text.empty())
        return dispatch(end, sink);
    if (line.text.front() == ':')
        return {};
    FRESHET_TRY(checkSize(line.text.size()));
    if (!m_hasFields) {
        m_hasFields = true;
        m_blockOffset = line.offset;
        m_blockLine = m_linesSeen;
    }
    constexpr std::size_t kBehindData = 4; // where it stands in most of what is sent
    const bool isThere = line.text.size() > kBehindData && line.text.starts_with("data:");
    const std::size_t colon = isThere ? kBehindData : line.text.find(':');
    std::string_view value;
    if (colon != std::string_view::npos) {
        value = line.text.substr(colon + 1);
        if (value.starts_with(' '))
            value.remove_prefix(1);
    }
    takeField(line.text.substr(0, colon), value, line);
    return {};
}

void EventStreamParser::takeField(std::string_view name, std::string_view value, const Line &line)
{
    if (is(name, "data")) {
        takeData(value, line);
    } else if (is(name, "event")) {
        m_type = value;
    } else if (is(name, "id")) {
        if (value.find('\0') == value.npos) {
            m_id = value;
            m_hasNewId = true;
        }
    } else if (is(name, "retry")) {
        if (const auto retry = readRetry(value))
            m_retry = retry;
    } else {
        if (m_strayText.empty())
            m_strayText = line.text.substr(0, kMaxStrayText);
        return;
    }
    m_blockBytes += line.text.size();
}

void EventStreamParser::takeData(std::string_view value, const Line &line)
{
    if (m_dataLines++ == 0) {
        m_dataOffset = line.offset + std::ssize(line.text) - std::ssize(value);
        if (line.isInPlace && value.data() != nullptr)
            m_dataInPlace = value;
        else
            m_data = value;
        return;
    }
    keepPartialData();
    m_data += '\n';
    m_data.append(value);
}

Status EventStreamParser::dispatch(std::int64_t end, const Sink &sink)
{
    m_hasFields = false;
    m_blockBytes = 0;
    const ByteOffset before = std::exchange(m_position, ByteOffset(end));
    if (std::exchange(m_hasNewId, false))
        m_lastEventId = m_id;
    Status taken;
    const std::int64_t lines = std::exchange(m_dataLines, 0);
    if (lines > 0) {
        const bool isInPlace = m_dataInPlace.data() != nullptr;
        ServerEvent event{.type = m_type.empty() ? std::string_view("message")
                                                 : std::string_view(m_type),
                          .data = isInPlace ? m_dataInPlace : std::string_view(m_data),
                          .id = m_lastEventId,
                          .end = m_position,
                          .start = ByteOffset(m_blockOffset),
                          .before = before,
                          .line = m_blockLine,
                          .isTypeNamed = !m_type.empty(),
                          .dataAt = std::nullopt,
                          .isInPlace = isInPlace};
        if (lines == 1)
            event.dataAt = ByteOffset(m_dataOffset);
        taken = sink(event);
    }
    m_dataInPlace = {};
    m_data.clear();
    m_type.clear();
    return taken;
}

Status EventStreamParser::checkSize(std::size_t line) const
{
    if (static_cast<std::int64_t>(m_blockBytes + line) <= m_limits.rowBytes.value())
        return {};
    return fail(Error{.code = ErrorCode::RowTooLarge,
                      .detail = "an event is longer than " +
                                std::to_string(m_limits.rowBytes.value()) + " bytes",
                      .byteOffset = m_position});
}

} // namespace freshet::decode
