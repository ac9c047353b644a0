// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_intake.h"
#include "decode/value_boundary.h"
#include "decode/windowed_decoder.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace freshet::decode {

/// JSON values one after another, each a row (see `JsonRow` for what becomes of it).
/// Source: NDJSON 1.0, JSON Lines, RFC 7464 (record separators are skipped), ClickHouse's
/// JSONEachRow, JSONCompactEachRow, …WithNamesAndTypes, JSONEachRowWithProgress, PrettyJSONEachRow.
///
/// Shape: lines end in LF, CR or CRLF; blank lines and a byte order mark are passed over; a line
/// may hold several objects or arrays. Values may spread over lines only if the first one does (or
/// the first two share a line): after that first value a line that ends inside a value is a bad
/// line, so that it cannot swallow the good one below it.
///
/// A bad line goes to the RejectSink and decoding goes on with the next; among values that spread
/// over lines, with the next line that starts with `{` or `[`. A value that text follows directly
/// (`{"a":1}x`) is bad with it. The last line may lack its end if it is a whole value; if it stops
/// inside one, `finish()` says Truncated.
///
/// `DecodeOptions::rowsAt` may name the member of each line that is the row (`$.record`), see
/// `JsonRow::spread`.
///
/// A line `{"exception":…}` among ClickHouse's `{"row":…}` lines ends in InBandError. A last line
/// that holds nothing but the report of a failure (see `failureObjectIn`) and is unlike the rows
/// before it (see `RowShape`) is a bad row and the stream's last word: a server that fails after
/// its head was sent has no other way to say so.
class NdjsonDecoder : public WindowedDecoder
{
public:
    NdjsonDecoder(const DecodeOptions &options, std::vector<std::string> inner,
                  DecodeOutputs outputs);

    [[nodiscard]] DecodeFindings findings() const override;

private:
    enum class Layout {
        Unknown, ///< no whole value seen
        Lines,   ///< one line or more of values; a line end ends every value
        Values   ///< values end where their brackets do
    };
    enum class Wrapping { Unknown, None, Row };
    /// What became of the value at `m_at`.
    enum class Took { Value, Nothing };
    /// A bad stretch of input being stepped over.
    struct Skipping
    {
        Error error;
        std::string text; ///< up to `RowOutput::kMaxRawText`
        std::int64_t start;
        bool isLineStart = false;
    };

    [[nodiscard]] Status decode(bool atEnd) override;
    void restart() override;

    [[nodiscard]] Result<Took> takeValue(bool atEnd);
    [[nodiscard]] Result<Took> takeWhole(const char *at, const char *next, const char *follow);
    [[nodiscard]] Result<Took> takeFailed(const char *at, JsonFault fault, bool atEnd);
    [[nodiscard]] Result<bool> takeAside(const char *at, const char *next, std::int64_t after);
    [[nodiscard]] bool mayBeLastWord(const char *at, const char *next) const;
    [[nodiscard]] Result<bool> takeLastWord(const char *at, const char *next);
    [[nodiscard]] Error rejectOpenEnd(std::string_view text);
    [[nodiscard]] Error inBandError(const char *at, const char *next, std::string detail) const;
    [[nodiscard]] Status takeAsObject(const RowPlace &place);
    const char *readRow(const char *at);
    const char *readWrapped(const char *at);
    void passBlanks(const char *limit);
    [[nodiscard]] const char *usableEnd(bool atEnd);
    [[nodiscard]] bool isTooLarge(std::int64_t size) const;
    [[nodiscard]] Took wait();
    [[nodiscard]] bool endsWell(const char *value, const char *follow) const;
    void startSkipping(const char *at, JsonFault fault);
    /// Output: whether the end of the bad stretch is reached.
    [[nodiscard]] Result<bool> skip(bool atEnd);

    const DecodeOptions m_options;
    const std::vector<std::string> m_inner; ///< members down to the row in each line
    RowIntake m_intake;
    Layout m_layout = Layout::Unknown;
    Wrapping m_wrapping = Wrapping::Unknown;
    std::int64_t m_line = 1;
    bool m_wasCarriageReturn = false;
    std::int64_t m_lineEnd = 0;    ///< Lines: just after the last line end seen
    std::int64_t m_searchedTo = 0; ///< Lines: line ends were looked for up to here
    PartialValue m_partial;
    std::optional<Skipping> m_skipping;
    std::string m_progress;
};

/// Errors: InvalidArgument for a `rowsAt` that is no path, or no path of members.
[[nodiscard]] Result<std::unique_ptr<RowDecoder>> makeNdjsonDecoder(const DecodeOptions &options,
                                                                    DecodeOutputs outputs);

} // namespace freshet::decode
