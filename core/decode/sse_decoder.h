// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/event_columns.h"
#include "decode/event_stream.h"
#include "decode/json_row.h"
#include "decode/row_output.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace freshet::decode {

/// A stream of server-sent events, each of which is a row or several.
/// Source: WHATWG HTML, "Server-sent events" (framing: `EventStreamParser`).
///
/// Shape: a JSON object in the data is a row as `JsonRow` makes it, behind the columns `event` and
/// `id` (see `EventColumns` for these and for names that both have); an array of objects is one row
/// each, an empty array none. Any other data is text in the column `data`, typed as in CSV where
/// that gives it back byte for byte. Without `flatten`, and only then, objects and arrays are such
/// text too. `rowsAt` may name the member that is the row (`$.record`).
///
/// Which events are rows: those of `DecodeOptions::eventTypes`; if it names none, all but
/// - `progress`: figures for `declaredProgress`; its total counts as promised if its counts were
///   the numbers of rows at the time (not percentages);
/// - `complete`, `done`, `end`, and the data `[DONE]`: the stream is over, its total declared if
///   the data is a whole number or has one under a usual name; what follows is passed over;
/// - `error`: InBandError, with the data as excerpt;
/// - `ping`, `heartbeat`, `keepalive`, `keep-alive`: passed over and noted.
/// Control events (the first three) keep their meaning beside named types unless they are named
/// themselves.
///
/// Bad rows: data that is too deep or has too many columns, text that is not UTF-8; data that
/// starts like JSON and is not, once the stream has shown JSON objects. Type and id have U+FFFD in
/// place of what is not UTF-8, as the standard decodes them. An event that is not finished is
/// dropped: `finish()` says Truncated if it had data.
///
/// Errors besides: WrongContentType if the response is of another type (but text/plain and
/// application/octet-stream, which say nothing), or if it holds a page or no event but other lines;
/// RowTooLarge.
class SseDecoder final : public RowDecoder
{
public:
    SseDecoder(const DecodeOptions &options, std::vector<std::string> inner, DecodeOutputs outputs);

    [[nodiscard]] Status feed(std::string_view bytes) override;
    [[nodiscard]] Status finish() override;
    [[nodiscard]] Status flush() override { return m_output.flush(); }
    void reset() override;
    [[nodiscard]] ByteOffset position() const override { return m_output.position(); }
    [[nodiscard]] DecodeFindings findings() const override;
    [[nodiscard]] bool hasEnded() const override { return m_endStated.has_value(); }
    [[nodiscard]] std::optional<DeclaredProgress> declaredProgress() const override
    {
        return m_progress;
    }

private:
    /// The data of an event as JSON text that may be read: `end` is readable memory.
    struct Text
    {
        const char *at;
        const char *end;
        bool isInPlace;
    };

    void restart();
    [[nodiscard]] Status broken(Status status);
    [[nodiscard]] Status checkIsStream(std::string_view text) const;
    [[nodiscard]] Status take(const ServerEvent &event);
    [[nodiscard]] bool isChosen(std::string_view type) const;
    /// Output: whether the event said something about the stream.
    [[nodiscard]] Result<bool> takeControl(const ServerEvent &event);
    void takeProgress(std::string_view data);
    void takeEnd(const ServerEvent &event);
    void passOver(std::string_view type);

    [[nodiscard]] Status takeData(const ServerEvent &event);
    [[nodiscard]] Text jsonText(const ServerEvent &event, bool mayStayInPlace);
    [[nodiscard]] Status takeObject(const ServerEvent &event, Text text);
    [[nodiscard]] Status takeArray(const ServerEvent &event, Text text);
    [[nodiscard]] Status takeElements(const ServerEvent &event, Text text);
    [[nodiscard]] Status takeText(const ServerEvent &event);
    [[nodiscard]] Status takeNoJson(const ServerEvent &event, const Text &text, JsonFault fault);
    void leadObject(const ServerEvent &event, const Text &text);
    void decideColumns(const ServerEvent &event, const Text *object);

    [[nodiscard]] Status endRow(const ServerEvent &event, bool isLast);
    [[nodiscard]] Status rejectData(const ServerEvent &event, const Text &text, JsonFault fault,
                                    std::string_view rawText);
    void moveToId(std::string_view id, std::int64_t rows);

    const DecodeOptions m_options;
    const std::vector<std::string> m_inner;
    EventStreamParser m_parser;
    RowOutput m_output;
    JsonRow m_row;
    JsonLexer m_lexer;
    EventColumns m_columns;
    const EventStreamParser::Sink m_sink;
    std::optional<Error> m_broken;

    const char *m_inputEnd = nullptr; ///< of what is being fed
    std::string m_scratch;            ///< padded copy of data that cannot be read in place
    bool m_hasSeenObject = false;
    bool m_hasSeenEvent = false;
    std::int64_t m_units = 0;     ///< rows, and rows that were rejected
    std::int64_t m_eventRows = 0; ///< rows of the event under way
    std::string m_eventId;        ///< see DecodeFindings::lastEventId
    std::int64_t m_rowsSinceId = 0;

    std::optional<DeclaredProgress> m_progress;
    bool m_isProgressInRows = true;
    std::optional<std::string> m_endStated;
    std::optional<RowCount> m_total;
    std::map<std::string, std::int64_t, std::less<>> m_passedOver; ///< events by type
};

/// Errors: InvalidArgument for a `rowsAt` that is no path of members; WrongContentType.
[[nodiscard]] Result<std::unique_ptr<RowDecoder>> makeSseDecoder(const DecodeOptions &options,
                                                                 DecodeOutputs outputs);

} // namespace freshet::decode
