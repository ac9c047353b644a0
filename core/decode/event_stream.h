// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/limits.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::decode {

/// One dispatched event. The views hold until the sink returns.
struct ServerEvent
{
    std::string_view type; ///< "message" if the stream named none
    std::string_view data; ///< lines joined by LF
    std::string_view id;   ///< the last event id as of this event
    ByteOffset end;        ///< just after the blank line that dispatched it
    ByteOffset start;      ///< of its first line
    ByteOffset before;     ///< just after the blank line before it
    std::int64_t line = 0; ///< number of its first line, from 1
    bool isTypeNamed = false;
    /// Its data is one line, at this place.
    std::optional<ByteOffset> dataAt;
    /// `data` lies in the bytes that were fed, followed by the end of its line.
    bool isInPlace = false;
};

/// Splits a text/event-stream into events, however its bytes are cut.
/// Source: WHATWG HTML, "Server-sent events", §9.2.6 "Interpreting an event stream".
///
/// Lines end in LF, CR or CRLF; one leading byte order mark and one space after the colon are
/// removed; an event without data is not dispatched, yet its id counts; an unfinished event is
/// dropped. Data of one line that lies whole in the input is not copied.
///
/// Errors: InvalidUtf8 is not checked here (the row builder does); RowTooLarge when one event
/// passes `Limits::rowBytes`; comments of any length are passed over. Threads: one thread at a
/// time.
class EventStreamParser
{
public:
    using Sink = std::function<Status(const ServerEvent &)>;

    explicit EventStreamParser(Limits limits = {}) : m_limits(limits) {}

    /// The stream goes on behind the event of this id. Before the first bytes.
    void goOnFrom(std::string id);
    /// Errors: the sink's, RowTooLarge. After an error, only `reset()`.
    [[nodiscard]] Status feed(std::string_view bytes, const Sink &sink);
    /// Forget everything but the limits.
    void reset();

    /// Of the last dispatched block, also of one without data. Empty: send no Last-Event-ID.
    [[nodiscard]] const std::string &lastEventId() const { return m_lastEventId; }
    /// The last reconnection time that the server asked for.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return m_retry; }
    /// Just after the last blank line.
    [[nodiscard]] ByteOffset position() const { return m_position; }
    /// Whether fields came after the last blank line, which the end of the stream would drop.
    [[nodiscard]] bool isInsideEvent() const { return m_hasFields || !m_line.empty(); }
    /// The same, and data is among them, or a line that may be data.
    [[nodiscard]] bool holdsData() const { return m_dataLines > 0 || !m_line.empty(); }
    /// The start of the first line that is neither a field nor a comment, which the standard passes
    /// over; empty if there was none.
    [[nodiscard]] const std::string &strayText() const { return m_strayText; }

    /// The start of a line that has not ended.
    [[nodiscard]] const std::string &partialLine() const { return m_line; }

private:
    struct Line
    {
        std::string_view text;
        std::int64_t offset; ///< of its first byte
        bool isInPlace;
    };

    void keepPartialLine(std::string_view start);
    void keepPartialData();
    [[nodiscard]] Status takeLine(Line line, std::int64_t end, const Sink &sink);
    void takeField(std::string_view name, std::string_view value, const Line &line);
    void takeData(std::string_view value, const Line &line);
    [[nodiscard]] Status dispatch(std::int64_t end, const Sink &sink);
    [[nodiscard]] Status checkSize(std::size_t line) const;

    Limits m_limits;
    std::string m_line; ///< the start of a line whose end has not come yet
    std::int64_t m_lineOffset = 0;
    bool m_isInComment = false; ///< the line under way is a comment: nothing of it is kept

    // The block under way.
    std::string_view m_dataInPlace; ///< of the only data line, while the input it is in is there
    std::string m_data;             ///< else: the data so far, without the last LF
    std::int64_t m_dataLines = 0;
    std::int64_t m_dataOffset = 0;
    std::string m_type;
    std::string m_id; ///< takes effect when the block is dispatched
    bool m_hasNewId = false;
    bool m_hasFields = false;
    std::int64_t m_blockOffset = 0;
    std::int64_t m_blockLine = 1;
    std::size_t m_blockBytes = 0;

    std::string m_lastEventId;
    std::string m_strayText;
    std::optional<std::chrono::milliseconds> m_retry;
    std::int64_t m_consumed = 0;
    std::int64_t m_linesSeen = 0;
    ByteOffset m_position;
    bool m_isFirstLine = true;
    bool m_skipLineFeed = false; ///< the last byte was the CR of a possible CRLF
};

} // namespace freshet::decode
