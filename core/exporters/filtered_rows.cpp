// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/filtered_rows.h"

#include "columnar/take.h"

#include <algorithm>
#include <limits>

namespace freshet::exporters {

using columnar::Column;
using columnar::RecordBatch;
using columnar::TypeKind;

namespace {

/// Few matches a batch would make tiny batches; they are put together up to this size.
constexpr ByteCount kGatheredBytes = 4_MiB;

} // namespace

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
        taken.columns.push_back(columnar::takeRows(column, rows));
    return taken;
}

} // namespace freshet::exporters
