// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/strong_types.h"
#include "columnar/buffer.h"
#include "columnar/schema.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace freshet::columnar {

/// Rows in a batch at most (design §5). The preset `tiny-batch` sets 2.
inline constexpr std::int64_t kMaxBatchRows = FRESHET_MAX_BATCH_ROWS;
/// Bytes of one column in a batch at most; a batch is sealed before a column passes it, a single
/// larger row excepted.
inline constexpr ByteCount kMaxColumnBytes = 8_MiB;

/// Why a value is absent: the source said null, or it did not name the column at all.
enum class Absence : std::uint8_t { Present, Null, Missing };

/// One column of a batch in Arrow memory layout.
/// Source: Arrow columnar format 1.x, "Physical memory layout".
///
/// Shape: `validity` has one bit a row, 1 = present, and is empty when `nullCount` is 0. `values`
/// holds fixed-width values, the bitmap of a Bool, or the bytes of a text kind, whose `offsets` are
/// `length + 1` int32 that start at 0. A Null column has no buffers and `nullCount == length`.
/// `missing` (one bit a row, 1 = missing) is a subset of the nulls and is empty if there are none.
/// Threads: immutable once built; copy freely.
struct Column
{
    LogicalType type;
    std::int64_t length = 0;
    std::int64_t nullCount = 0;
    std::int64_t missingCount = 0;
    Buffer validity;
    Buffer offsets;
    Buffer values;
    Buffer missing;

    [[nodiscard]] bool isNull(std::int64_t row) const
    {
        return nullCount != 0 && (!validity || !bitAt(validity.data(), row));
    }
    [[nodiscard]] Absence absence(std::int64_t row) const
    {
        if (!isNull(row))
            return Absence::Present;
        if (missingCount == 0)
            return Absence::Null;
        return missingCount == nullCount || bitAt(missing.data(), row) ? Absence::Missing
                                                                       : Absence::Null;
    }
    /// The bytes of row `row` of a text kind; valid while the column is.
    [[nodiscard]] std::string_view textAt(std::int64_t row) const
    {
        const auto *bounds = offsets.as<std::int32_t>();
        return {values.as<char>() + bounds[row],
                static_cast<std::size_t>(bounds[row + 1] - bounds[row])};
    }
    template <typename T>
    [[nodiscard]] T valueAt(std::int64_t row) const
    {
        return values.as<T>()[row];
    }
    [[nodiscard]] bool boolAt(std::int64_t row) const { return bitAt(values.data(), row); }
    [[nodiscard]] ByteCount memory() const
    {
        return ByteCount(static_cast<std::int64_t>(validity.size() + offsets.size() +
                                                   values.size() + missing.size()));
    }
};

/// Columns of equal length under one schema. Immutable; copying shares the buffers.
struct RecordBatch
{
    SchemaPtr schema;
    std::int64_t rowCount = 0;
    std::vector<Column> columns;

    [[nodiscard]] ByteCount memory() const;
};

/// A source of batches in row order: a dataset scan, a query result, a test's vector.
/// Threads: one thread at a time.
class BatchReader
{
public:
    virtual ~BatchReader() = default;
    [[nodiscard]] virtual SchemaPtr schema() const = 0;
    /// The next batch, or nothing at the end. After an error, only destruction.
    [[nodiscard]] virtual Result<std::optional<RecordBatch>> next() = 0;
    /// Rows in all if known beforehand.
    [[nodiscard]] virtual std::optional<RowCount> totalRows() const { return std::nullopt; }
};

/// `column` rows [first, first + count) as a column of its own. Copies bitmaps and offsets, shares
/// values where the layout allows.
[[nodiscard]] Column sliceColumn(const Column &column, std::int64_t first, std::int64_t count);
[[nodiscard]] RecordBatch sliceBatch(const RecordBatch &batch, std::int64_t first,
                                     std::int64_t count);
/// All rows of `batches`, which share a schema, as one batch.
[[nodiscard]] RecordBatch concatenate(std::span<const RecordBatch> batches);
/// A column of `length` rows without a value.
[[nodiscard]] Column absentColumn(LogicalType type, std::int64_t length, Absence absence);

/// `column` under the wider type `to` (one that `widened` can give). Numbers that become text get
/// their exact shortest decimal text.
/// Errors: ErrorCode::Unsupported if `to` is no widening of the column's type; ErrorCode::Internal
/// if a value has no exact counterpart (the builder never lets that happen).
[[nodiscard]] Result<Column> castColumn(const Column &column, LogicalType to);

/// The union of two schemas by column name: columns of `a` in their order, then new ones of `b`,
/// each under the widened type. Both come from one history, `a` first (`BatchBuilder`, `adopt`),
/// whose builder chose a number type only if all earlier values fit it; the union relies on that.
[[nodiscard]] SchemaPtr unifySchemas(const SchemaPtr &a, const SchemaPtr &b);
/// `batch` under `schema`: columns found by name and cast; a column that `batch` lacks is missing.
[[nodiscard]] Result<RecordBatch> conform(const RecordBatch &batch, const SchemaPtr &schema);

} // namespace freshet::columnar
