// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/filtered_rows.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace freshet::exporters {

using columnar::Buffer;
using columnar::Column;
using columnar::MutableBuffer;
using columnar::RecordBatch;
using columnar::TypeKind;

namespace {

/// Few matches a batch would make tiny batches; they are put together up to this size.
constexpr ByteCount kGatheredBytes = 4_MiB;

Buffer takeBits(const Buffer &bits, std::span<const std::int64_t> rows, std::int64_t &set)
{
    MutableBuffer taken;
    taken.resize(columnar::bitmapBytes(static_cast<std::int64_t>(rows.size())));
    if (taken.size() != 0)
        std::memset(taken.data(), 0, taken.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!columnar::bitAt(bits.data(), rows[i]))
            continue;
        columnar::setBit(taken.data(), static_cast<std::int64_t>(i));
        ++set;
    }
    return taken.finish();
}

void takeTexts(const Column &column, std::span<const std::int64_t> rows, Column &taken)
{
    MutableBuffer offsets;
    offsets.resize((rows.size() + 1) * sizeof(std::int32_t));
    auto *bounds = offsets.as<std::int32_t>();
    MutableBuffer values;
    values.reserve(1); // a text column has values, be they no bytes
    bounds[0] = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string_view text = column.textAt(rows[i]);
        values.append(text.data(), text.size());
        bounds[i + 1] = static_cast<std::int32_t>(values.size());
    }
    taken.offsets = offsets.finish();
    taken.values = values.finish();
}

void takeFixed(const Column &column, std::span<const std::int64_t> rows, Column &taken)
{
    const auto width = static_cast<std::size_t>(columnar::valueWidth(column.type.kind));
    MutableBuffer values;
    values.resize(rows.size() * width);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::memcpy(values.data() + i * width,
                    column.values.data() + static_cast<std::size_t>(rows[i]) * width, width);
    }
    taken.values = values.finish();
}

} // namespace

Column takeRows(const Column &column, std::span<const std::int64_t> rows)
{
    const auto count = static_cast<std::int64_t>(rows.size());
    Column taken{.type = column.type, .length = count};
    if (column.type.kind == TypeKind::Null) {
        taken.nullCount = count;
    } else {
        if (column.nullCount != 0) {
            std::int64_t present = 0;
            Buffer validity = takeBits(column.validity, rows, present);
            taken.nullCount = count - present;
            if (taken.nullCount != 0)
                taken.validity = std::move(validity);
        }
        std::int64_t unused = 0;
        if (column.type.kind == TypeKind::Bool)
            taken.values = takeBits(column.values, rows, unused);
        else if (column.type.isText())
            takeTexts(column, rows, taken);
        else
            takeFixed(column, rows, taken);
    }
    if (column.missingCount == column.nullCount && column.missingCount != 0 && !column.missing) {
        taken.missingCount = taken.nullCount;
    } else if (column.missingCount != 0) {
        Buffer missing = takeBits(column.missing, rows, taken.missingCount);
        if (taken.missingCount != 0 && taken.missingCount != taken.nullCount)
            taken.missing = std::move(missing);
    }
    return taken;
}

FilteredRows::FilteredRows(store::DatasetSnapshot snapshot, std::vector<int> columns,
                           std::unique_ptr<columnar::BatchReader> rowNumbers)
    : m_snapshot(std::move(snapshot)),
      m_columns(std::move(columns)),
      m_rowNumbers(std::move(rowNumbers))
{
    auto schema = std::make_shared<columnar::Schema>();
    for (const int column : m_columns)
        schema->fields.push_back(m_snapshot.schema()->fields[static_cast<std::size_t>(column)]);
    m_schema = std::move(schema);
}

Result<std::optional<RecordBatch>> FilteredRows::next()
{
    std::vector<RecordBatch> gathered;
    std::int64_t rows = 0;
    ByteCount bytes;
    while (bytes < kGatheredBytes) {
        if (!m_kept) {
            const auto fetched = fetchNumbers();
            if (!fetched)
                return fail(fetched.error());
            if (!*fetched)
                break;
            auto batch = takeFromOneBatch();
            if (!batch)
                return fail(std::move(batch).error());
            m_kept = std::move(*batch);
        }
        const ByteCount size = m_kept->memory();
        const bool fits = rows + m_kept->rowCount <= columnar::kMaxBatchRows &&
                          bytes + size <= columnar::kMaxColumnBytes;
        if (!gathered.empty() && !fits)
            break;
        rows += m_kept->rowCount;
        bytes += size;
        gathered.push_back(*std::exchange(m_kept, std::nullopt));
    }
    if (gathered.empty())
        return std::nullopt;
    if (gathered.size() == 1)
        return std::move(gathered.front());
    return columnar::concatenate(gathered);
}

/// False if there are no more.
Result<bool> FilteredRows::fetchNumbers()
{
    while (m_used == m_numbers.size()) {
        auto batch = m_rowNumbers->next();
        if (!batch)
            return fail(std::move(batch).error());
        if (!*batch)
            return false;
        m_numbers.clear();
        m_used = 0;
        const auto &columns = (*batch)->columns;
        // A condition that is no condition ("1) union all select (2") ends here.
        if (columns.size() != 1 || columns[0].type.kind != TypeKind::Int64 ||
            columns[0].nullCount != 0)
            return fail(ErrorCode::InvalidArgument, "where: not a condition on rows");
        const auto *numbers = columns[0].values.as<std::int64_t>();
        for (std::int64_t i = 0; i < (*batch)->rowCount; ++i) {
            if (numbers[i] <= m_last || numbers[i] >= m_snapshot.rowCount().value())
                return fail(ErrorCode::InvalidArgument, "where: not a condition on rows");
            m_last = numbers[i];
            m_numbers.push_back(numbers[i]);
        }
    }
    return true;
}

/// The fetched rows up to the end of the batch that holds the first of them.
Result<RecordBatch> FilteredRows::takeFromOneBatch()
{
    const std::int64_t index = m_snapshot.batchOf(RowIndex(m_numbers[m_used]));
    const auto extent = m_snapshot.extent(index);
    std::vector<std::int64_t> rows;
    for (; m_used < m_numbers.size(); ++m_used) {
        const RowCount row = RowIndex(m_numbers[m_used]) - extent.first;
        if (row >= extent.rows)
            break;
        rows.push_back(row.value());
    }
    auto whole = m_snapshot.batch(index, m_columns);
    if (!whole || static_cast<std::int64_t>(rows.size()) == extent.rows.value())
        return whole;
    RecordBatch taken{
        .schema = m_schema, .rowCount = static_cast<std::int64_t>(rows.size()), .columns = {}};
    for (const Column &column : whole->columns)
        taken.columns.push_back(takeRows(column, rows));
    return taken;
}

} // namespace freshet::exporters
