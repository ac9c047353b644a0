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

/// One dispatched event. The views hold until the next call of the parser.
struct ServerEvent
{
    std::string_view type; ///< "message" if the stream named none
    std::string_view data; ///< lines joined by LF
    std::string_view id;   ///< the last event id as of this event
    ByteOffset end;        ///< just after the blank line that dispatched it
};

/// Splits a text/event-stream into events, however its bytes are cut.
/// Source: WHATWG HTML, "Server-sent events", §9.2.6 "Interpreting an event stream".
///
/// Lines end in LF, CR or CRLF; one leading byte order mark and one space after the colon are
/// removed; an event without data is not dispatched, yet its id counts; an unfinished event is
/// dropped. Errors: InvalidUtf8 is not checked here (the row builder does); RowTooLarge when one
/// event passes `Limits::rowBytes`. Threads: one thread at a time.
class EventStreamParser
{
public:
    using Sink = std::function<Status(const ServerEvent &)>;

    explicit EventStreamParser(Limits limits = {}) : m_limits(limits) {}

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
    /// Whether bytes came after the last blank line, which the end of the stream would drop.
    [[nodiscard]] bool isInsideEvent() const;

private:
    [[nodiscard]] Status takeLine(std::string_view line, const Sink &sink);
    void takeField(std::string_view name, std::string_view value);
    [[nodiscard]] Status dispatch(const Sink &sink);
    [[nodiscard]] Status checkSize() const;

    Limits m_limits;
    std::string m_line; ///< the start of a line whose end has not come yet
    std::string m_data;
    std::string m_type;
    std::string m_id; ///< of the block under way; takes effect when it is dispatched
    std::string m_lastEventId;
    std::optional<std::chrono::milliseconds> m_retry;
    ByteOffset m_consumed;
    ByteOffset m_position;
    bool m_isFirstLine = true;
    bool m_skipLineFeed = false; ///< the last byte was the CR of a possible CRLF
    bool m_hasFields = false;
};

} // namespace freshet::decode
