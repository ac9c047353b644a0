// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message_frame.h"
#include "decode/json_row.h"
#include "decode/row_output.h"
#include "decode/web_socket_message.h"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace freshet::decode {

/// The messages of a WebSocket as rows. Input: messages as `base/message_frame.h` writes them.
///
/// Shape: a text message holds JSON values, one or several after another.
/// - An array of objects, or of arrays, is a batch: each element a row, as `JsonRow` makes it. Any
///   other array is one row with a column for each element.
/// - An object with its rows in a member (`{"type":"batch","data":[…]}`, see
///   `MessageObject::usualRows`) is a batch; what stands beside them is left out and noted.
/// - Other objects are told apart by their `type` (or `event`): `complete`, `done`, `end` … end
///   the stream, with the total they state and their `totalBatches` checked; `error` is
///   InBandError; `progress` goes to `declaredProgress`; `ack`, `pong`, `welcome` … are passed over
///   and noted. All others are rows.
/// Text that is not JSON is a row with the column `message`, typed as in CSV.
///
/// `rowsAt` names the place of the rows instead: `$.data` (an array, or an object that is one row),
/// `$.data[*].record`; `$` says that each value is a row or an array of them, whatever its `type`.
///
/// Bad rows: binary messages, text that is not UTF-8, and once the stream has shown JSON, messages
/// that start like it and are not. What follows the end is passed over; so is an empty message.
///
/// Errors besides: SyntaxError for input that is no messages, RowTooLarge, Truncated.
class WebSocketDecoder final : public RowDecoder
{
public:
    WebSocketDecoder(const DecodeOptions &options, std::optional<RowsPath> wanted,
                     DecodeOutputs outputs);

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
    // web_socket_decoder.cpp: messages, and what they say about the stream
    [[nodiscard]] Status takeAll(std::string_view bytes);
    [[nodiscard]] Status beginMessage();
    [[nodiscard]] Status endMessage();
    [[nodiscard]] Status broken(Status status);
    [[nodiscard]] Status takeControl(MessagePurpose purpose, std::string_view text);
    void takeEnd(std::string_view text);
    void takeProgress(std::string_view text);
    void passOver(std::string_view type);

    // web_socket_decoder_rows.cpp: what becomes of text
    [[nodiscard]] Status takeText();
    [[nodiscard]] Status takeValue(const char *at, const char *next);
    [[nodiscard]] Status takeArray(const char *at, const char *next);
    [[nodiscard]] Status takeObject(const char *at, const char *next);
    [[nodiscard]] Status takeAtPath(const char *at, const char *next);
    [[nodiscard]] Status takeElements(const char *array);
    [[nodiscard]] Status takeRow(const char *at, const char *next, int depth);
    [[nodiscard]] Status takePlainText();
    [[nodiscard]] Status rejectMessage(const JsonFault &fault);
    void noteBatch(const char *rows);

    const DecodeOptions m_options;
    const std::optional<RowsPath> m_wanted;
    RowOutput m_output;
    JsonRow m_row;
    JsonLexer m_lexer;
    MessageObject m_object;
    std::array<JsonRow::Lead, 1> m_lead = {};
    std::optional<Error> m_broken;

    std::int64_t m_consumed = 0; ///< bytes of the stream
    std::int64_t m_start = 0;    ///< where the message under way begins
    std::array<unsigned char, kMessageHeaderBytes> m_header = {};
    std::size_t m_headerSize = 0;
    std::size_t m_left = 0; ///< of its payload
    std::string m_payload;  ///< padded once it is whole
    std::int64_t m_messages = 0;

    bool m_hasSeenJson = false;
    std::int64_t m_units = 0; ///< rows, and rows that were rejected
    std::int64_t m_batches = 0;
    std::optional<DeclaredProgress> m_progress;
    bool m_isProgressInRows = true;
    std::optional<std::string> m_endStated;
    std::optional<RowCount> m_total;
    std::optional<std::string> m_problem;
    std::string m_rowsAt;                                          ///< of the first batch
    std::string m_beside;                                          ///< its other members
    std::map<std::string, std::int64_t, std::less<>> m_passedOver; ///< messages by type
};

/// Errors: InvalidArgument for a `rowsAt` that is no path of members.
[[nodiscard]] Result<std::unique_ptr<RowDecoder>> makeWebSocketDecoder(const DecodeOptions &options,
                                                                       DecodeOutputs outputs);

} // namespace freshet::decode
