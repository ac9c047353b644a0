// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/limits.h"
#include "columnar/record_batch.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::columnar {

/// A column changed its type while rows came in.
struct WideningEvent
{
    std::string column;
    LogicalType from;
    LogicalType to;
    RowIndex row; ///< the row that demanded it
};

/// Which values count as dates and times when they come as text.
enum class TextInference { Off, TimesOnly, All };

/// Collects rows into record batches, one value at a time, and gives each column the narrowest
/// type that holds every value so far. A value that the column's type cannot hold widens the column
/// by the rules of design §5: never narrowed again, nothing lost, each change kept as an event.
///
/// Use: `beginRow()`, at most one append for each column, then `endRow()` or, if the row proves
/// bad, `abandonRow()`, which leaves no trace of it (columns that only it named disappear too).
/// \code
///   builder.beginRow();
///   builder.appendNumber(builder.column("id"), "9007199254740993");
///   builder.appendText(builder.column("name"), "Ada");
///   FRESHET_TRY(builder.endRow());
///   if (builder.isFull()) sink(builder.seal());
/// \endcode
///
/// Numbers: an integer text is int64, else uint64, else decimal (≤ 38 digits), else string. A
/// number with fraction or exponent is a double while the shortest decimal of that double has the
/// text's value; else decimal, else string. One refinement: where all numbers of a column came with
/// the same count of fraction digits and one of them ends in 0 ("9.50"), the column is a decimal of
/// that scale, so that what is shown is what was sent. Times: text is taken as date, time or
/// timestamp while every value of the column is valid and is spelled in the same TimeForm; else
/// string with the original text.
///
/// Absent: a column that a row does not name is missing there (also all rows before it first came).
///
/// Threads: one thread at a time. Limits: `Limits::columns`.
class BatchBuilder
{
public:
    using ColumnId = int;

    explicit BatchBuilder(Limits limits = {});
    ~BatchBuilder();
    BatchBuilder(const BatchBuilder &) = delete;
    BatchBuilder &operator=(const BatchBuilder &) = delete;

    /// Start from an earlier schema (a resumed dataset): columns exist and have at least these
    /// types.
    void adopt(const Schema &schema, RowIndex firstRow);

    /// Find the column called `name`, or add it. Ids are dense from 0 in order of appearance.
    [[nodiscard]] ColumnId column(std::string_view name);
    [[nodiscard]] const std::string &columnName(ColumnId id) const;
    [[nodiscard]] int columnCount() const;
    /// Whether the row under construction has a value (or null) for this column already.
    [[nodiscard]] bool isSet(ColumnId id) const;

    void beginRow();
    void appendNull(ColumnId id);
    void appendBool(ColumnId id, bool value);
    void appendInt64(ColumnId id, std::int64_t value);
    void appendUInt64(ColumnId id, std::uint64_t value);
    void appendDouble(ColumnId id, double value);
    /// `text` is a number by the JSON grammar.
    void appendNumber(ColumnId id, std::string_view text);
    /// UTF-8 text of a JSON string; `inference` says what it may be taken for.
    void appendText(ColumnId id, std::string_view text,
                    TextInference inference = TextInference::TimesOnly);
    void appendBinary(ColumnId id, std::string_view bytes);
    /// The text of an object or array.
    void appendJson(ColumnId id, std::string_view text);
    /// A decimal of `scale` from its unscaled value.
    void appendDecimal(ColumnId id, __int128 unscaled, int scale);
    void appendDate(ColumnId id, std::int32_t days);
    void appendTime(ColumnId id, std::int64_t micros, TimeForm form);
    void appendTimestamp(ColumnId id, std::int64_t micros, TimeForm form);

    /// Errors: ErrorCode::LimitReached if the row brought more columns than allowed; the row is
    /// abandoned then.
    [[nodiscard]] Status endRow();
    void abandonRow();

    /// Rows ended since the last `seal()`.
    [[nodiscard]] std::int64_t pendingRows() const;
    /// Rows ended since the start.
    [[nodiscard]] RowIndex nextRow() const;
    /// Whether `kMaxBatchRows` or a column's `kMaxColumnBytes` is reached: seal now.
    [[nodiscard]] bool isFull() const;
    /// The pending rows as a batch under the schema of this moment. Types stay for the next batch.
    [[nodiscard]] RecordBatch seal();

    /// The current schema; a new object only when something changed.
    [[nodiscard]] SchemaPtr schema() const;
    [[nodiscard]] const std::vector<WideningEvent> &wideningEvents() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::columnar
