// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/limits.h"
#include "columnar/column_builder.h"
#include "columnar/record_batch.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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

/// What text may be taken for: nothing else; dates and times (JSON); also booleans and numbers
/// (CSV), then only if writing the value gives the text back byte for byte.
enum class TextInference { Off, TimesOnly, All };

struct Number;
struct NumberText;
struct ScaledDecimal;

/// Bytes of a batch at most, give or take the rows between two measurements.
inline constexpr ByteCount kMaxBatchBytes = 24_MiB;

/// Collects rows into record batches, one value at a time, and gives each column the narrowest
/// type that holds every value so far. A value that the column's type cannot hold widens the column
/// by the rules of design §5: never narrowed again, nothing lost, each change kept as an event.
///
/// Use: `beginRow()`, an append for each column (a second one replaces the first), then `endRow()`
/// or, if the row proves bad, `abandonRow()`, which leaves no trace of it: what it widened is
/// narrow again, and columns that only it named disappear, so their ids must not be kept. \code
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
/// the same count of fraction digits, two or more, and one of them ends in 0 ("9.50"), the column
/// is a decimal of that scale, so that what is shown is what was sent; later numbers stay decimal,
/// with the largest scale seen. `1.0` stays a double, spelled that way (see LogicalType::scale).
/// int64 and double meet as double while every value is exact in both, else as string. Times: text
/// is taken as date, time or timestamp while every value of the column is valid and is spelled in
/// the same TimeForm; else string with the original text.
///
/// Absent: a column that a row does not name is missing there (also all rows before it first came).
///
/// How it is fast: a row costs nothing for columns it does not name (they catch up when they get
/// their next value); an append that fits the column's type is a comparison or two and a store, in
/// this header; all else happens out of line, once per change of type.
///
/// Threads: one thread at a time. Limits: `Limits::columns`.
class BatchBuilder
{
public:
    using ColumnId = int;

    /// What `column` gives beyond `Limits::columns`: takes values and drops them; the row ends in
    /// an error.
    static constexpr ColumnId kNoColumn = -1;

    explicit BatchBuilder(Limits limits = {});
    ~BatchBuilder();
    BatchBuilder(const BatchBuilder &) = delete;
    BatchBuilder &operator=(const BatchBuilder &) = delete;

    /// Start from an earlier schema (a resumed dataset): columns exist and have at least these
    /// types. Before the first row only. With the `numberMemory` of the builder that made the
    /// earlier rows, columns widen as if it had gone on; without it, numbers that no longer fit
    /// become text at once, since nothing is known of the earlier ones.
    void adopt(const Schema &schema, RowIndex firstRow, std::string_view numberMemory = {});
    /// What the numbers of each column have been, beyond what its type says, for `adopt`. As of the
    /// last `seal()`, before the next row.
    [[nodiscard]] std::string numberMemory() const;

    /// Find the column called `name`, or add it. Ids are dense from 0 in order of appearance.
    /// Cheapest for the column that followed the one asked for last when that was asked before.
    /// A column added between two rows stays even if no row names it.
    [[nodiscard]] ColumnId column(std::string_view name)
    {
        const ColumnId expected = m_successors[static_cast<std::size_t>(m_lastColumn + 1)];
        if (expected >= 0 && m_names[static_cast<std::size_t>(expected)] == name) [[likely]]
            return m_lastColumn = expected;
        return findColumn(name);
    }
    /// Find or add a column that a schema promises, between two rows: it is there even if no value
    /// comes. One that has no type yet gets `type`; another keeps its own. Ids stay valid.
    /// Errors: LimitReached (`Limits::columns`).
    [[nodiscard]] Result<ColumnId> declareColumn(std::string_view name, LogicalType type);
    [[nodiscard]] const std::string &columnName(ColumnId id) const
    {
        return m_names[static_cast<std::size_t>(id)];
    }
    [[nodiscard]] int columnCount() const { return static_cast<int>(m_names.size()); }
    [[nodiscard]] LogicalType columnType(ColumnId id) const { return at(id).type; }
    /// Whether the row under construction has a value (or null) for this column already.
    [[nodiscard]] bool isSet(ColumnId id) const { return at(id).length > m_row; }

    void beginRow()
    {
        m_lastColumn = kNoColumn;
        m_isInRow = true;
    }
    void appendNull(ColumnId id)
    {
        prepare(id);
        at(id).putAbsent(1, Absence::Null);
    }
    void appendBool(ColumnId id, bool value)
    {
        ColumnBuilder &column = at(id);
        if (column.type.kind == TypeKind::Bool && column.isReady(m_row)) [[likely]]
            column.putBool(value);
        else
            appendOtherBool(id, value);
    }
    void appendInt64(ColumnId id, std::int64_t value)
    {
        ColumnBuilder &column = at(id);
        if (column.type.kind == TypeKind::Int64 && column.isReady(m_row)) [[likely]]
            column.putFixed(value);
        else
            appendOtherInt64(id, value);
    }
    void appendUInt64(ColumnId id, std::uint64_t value);
    void appendDouble(ColumnId id, double value)
    {
        ColumnBuilder &column = at(id);
        if (column.type.kind == TypeKind::Double && column.track == kTypedDoubles &&
            column.type.scale == 0 && column.isReady(m_row)) [[likely]]
            column.putFixed(value);
        else
            appendOtherDouble(id, value);
    }
    /// `text` is a number by the JSON grammar (else it is kept as text).
    void appendNumber(ColumnId id, std::string_view text);
    /// UTF-8 text of a JSON string; `inference` says what it may be taken for.
    void appendText(ColumnId id, std::string_view text,
                    TextInference inference = TextInference::TimesOnly)
    {
        ColumnBuilder &column = at(id);
        if (column.type.kind == TypeKind::String && column.isReady(m_row) &&
            column.hasTextRoom(text.size())) [[likely]]
            column.putText(text);
        else
            appendOtherText(id, text, inference);
    }
    void appendBinary(ColumnId id, std::string_view bytes);
    /// The text of an object or array.
    void appendJson(ColumnId id, std::string_view text);
    /// A decimal of `scale` from its unscaled value.
    void appendDecimal(ColumnId id, Int128 unscaled, int scale);
    void appendDate(ColumnId id, std::int32_t days);
    void appendTime(ColumnId id, std::int64_t micros, TimeForm form);
    void appendTimestamp(ColumnId id, std::int64_t micros, TimeForm form);

    /// Whether any text goes into this column as it is, so that it may be written in place:
    /// \code
    ///   char *to = builder.reserveText(id, escaped.size());
    ///   builder.commitText(id, unescape(escaped, to));
    /// \endcode
    /// The memory has room for `maxBytes` and 64 more, and stays valid until the next call.
    [[nodiscard]] bool isPlainText(ColumnId id) const
    {
        return at(id).type.kind == TypeKind::String;
    }
    [[nodiscard]] char *reserveText(ColumnId id, std::size_t maxBytes)
    {
        ColumnBuilder &column = at(id);
        if (!column.isReady(m_row) || !column.hasTextRoom(maxBytes)) [[unlikely]]
            makeTextRoom(id, maxBytes);
        return column.values.as<char>() + column.values.size();
    }
    void commitText(ColumnId id, std::size_t bytes) { at(id).endText(bytes); }

    /// Errors: ErrorCode::LimitReached if the row brought more columns than allowed, or a batch
    /// more text than a column can hold; the row is abandoned then.
    [[nodiscard]] Status endRow()
    {
        if (m_needsCare) [[unlikely]] {
            if (Status status = settleRow(); !status)
                return status;
        }
        m_isInRow = false;
        ++m_row;
        if (--m_rowsUntilMeasured <= 0) [[unlikely]]
            measure();
        return {};
    }
    void abandonRow();

    /// Rows ended since the last `seal()`.
    [[nodiscard]] std::int64_t pendingRows() const { return m_row; }
    /// Rows ended since the start.
    [[nodiscard]] RowIndex nextRow() const { return m_firstRow + RowCount(m_row); }
    /// From now on batches are full with `rows` rows, if that is fewer than `kMaxBatchRows`: no
    /// more are wanted, and what is behind them is not to be in their batch. At least one.
    void limitBatches(std::int64_t rows)
    {
        m_mostRows = std::clamp(rows, std::int64_t{1}, kMaxBatchRows);
    }
    /// Whether that limit, a column's `kMaxColumnBytes` or `kMaxBatchBytes` is reached: seal now.
    [[nodiscard]] bool isFull() const { return m_isFull || m_row >= m_mostRows; }
    /// The pending rows as a batch under the schema of this moment. Types stay for the next batch.
    /// Between rows only.
    [[nodiscard]] RecordBatch seal();

    /// The current schema; a new object only when something changed.
    [[nodiscard]] SchemaPtr schema() const;
    [[nodiscard]] const std::vector<WideningEvent> &wideningEvents() const { return m_events; }

private:
    /// What `abandonRow` puts back: a column's numbers seen and, if its type changed, its rows.
    struct Undo
    {
        ColumnId id;
        NumberTrack track;
        NumberRange sealed;
        std::optional<Column> rows;
    };

    struct NameHash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const
        {
            return std::hash<std::string_view>()(name);
        }
    };

    // Column -1 takes what is beyond the limit.
    [[nodiscard]] ColumnBuilder &at(ColumnId id) { return m_columns[std::size_t(id + 1)]; }
    [[nodiscard]] const ColumnBuilder &at(ColumnId id) const
    {
        return m_columns[std::size_t(id + 1)];
    }

    [[nodiscard]] ColumnId findColumn(std::string_view name);
    [[nodiscard]] ColumnId addColumn(std::string_view name);
    /// Catch up with the row under construction and make room for its value.
    void prepare(ColumnId id)
    {
        if (!at(id).isReady(m_row)) [[unlikely]]
            makeRowRoom(id);
    }
    void makeRowRoom(ColumnId id);
    void makeTextRoom(ColumnId id, std::size_t bytes);

    /// What a column of doubles has seen that came as doubles, not as text.
    static constexpr NumberTrack kTypedDoubles{.fractionDigits = NumberTrack::kMixed,
                                               .isPlainSpelled = true};

    // For values that are not of their column's type.
    void appendOtherBool(ColumnId id, bool value);
    void appendOtherInt64(ColumnId id, std::int64_t value);
    void appendOtherDouble(ColumnId id, double value);
    void appendOtherText(ColumnId id, std::string_view text, TextInference inference);
    void appendInferred(ColumnId id, std::string_view text);
    [[nodiscard]] bool appendQuickNumber(ColumnBuilder &column, std::string_view text) const;
    [[nodiscard]] bool appendAsTime(ColumnId id, std::string_view text);
    void appendAnyNumber(ColumnId id, std::string_view text, bool keepsText);
    [[nodiscard]] bool placeNumber(ColumnId id, const NumberText &scanned, const Number &number,
                                   std::string_view text, bool keepsText);
    [[nodiscard]] bool placeInteger(ColumnId id, const Number &number, bool keepsText);
    [[nodiscard]] bool placeDecimal(ColumnId id, const NumberText &scanned, std::string_view text,
                                    bool keepsText);
    [[nodiscard]] bool placeScaled(ColumnId id, ScaledDecimal value);
    [[nodiscard]] bool placeDouble(ColumnId id, const NumberText &scanned, const Number &number,
                                   std::string_view text, bool keepsText);

    /// Put a value's text where no type but text holds it and the column's other values.
    void putAsText(ColumnId id, std::string_view text);
    void putTextBytes(ColumnId id, std::string_view text);
    /// Output: false, and nothing changed, if a value has no counterpart in `to`.
    [[nodiscard]] bool changeType(ColumnId id, LogicalType to);
    /// Whether the column is of this type, which a column without values takes.
    [[nodiscard]] bool startAs(ColumnId id, LogicalType type);
    void changeTrack(ColumnId id, NumberTrack track);

    [[nodiscard]] Status settleRow();
    void measure();

    Limits m_limits;
    std::vector<ColumnBuilder> m_columns; ///< from column -1 on
    std::vector<std::string> m_names;
    std::vector<ColumnId> m_successors; ///< which column followed last time, from column -1 on
    std::unordered_map<std::string, ColumnId, NameHash, std::equal_to<>> m_idByName;
    ColumnId m_lastColumn = kNoColumn;

    RowIndex m_firstRow;
    std::int64_t m_row = 0; ///< the row under construction, counted in the batch
    std::int64_t m_mostRows = kMaxBatchRows;
    std::int64_t m_rowsUntilMeasured = 0;
    bool m_isFull = false;

    // The row under construction.
    bool m_isInRow = false;
    bool m_needsCare = false; ///< any of the following is set
    int m_newColumns = 0;
    std::vector<Undo> m_undo;
    std::size_t m_newEvents = 0;
    std::optional<Error> m_rowError;

    std::vector<WideningEvent> m_events;
    mutable SchemaPtr m_schema;
};

} // namespace freshet::columnar
