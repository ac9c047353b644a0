// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset.h"

#include "store/dataset_state.h"

#include <algorithm>
#include <numeric>

namespace freshet::store {

using columnar::Column;
using columnar::LogicalType;
using columnar::RecordBatch;
using columnar::SchemaPtr;

namespace {

enum class Caching { Fill, Look };

Result<Column> underType(Column column, LogicalType type)
{
    if (column.type == type)
        return column;
    return columnar::castColumn(column, type);
}

/// A place in a snapshot: which stored column answers for column `column` of batch `batch`.
struct Place
{
    LogicalType type;
    std::int64_t rows = 0;
    int stored = -1;                    ///< number in the batch's own schema, -1 if it has none
    const BlockEntry *entry = nullptr;  ///< of a batch in a file
    const RecordBatch *batch = nullptr; ///< of a batch in memory
    const DatasetPart *part = nullptr;

    [[nodiscard]] ColumnKey key() const
    {
        return {part->identity(), entry->block.offset, stored,
                entry->deleted ? entry->deleted->identity() : 0, type};
    }
};

Place placeOf(const DatasetState &state, std::int64_t batch, int column)
{
    const auto index = static_cast<std::size_t>(batch);
    const auto columnIndex = static_cast<std::size_t>(column);
    Place place;
    place.type = state.schema->fields[columnIndex].type;
    if (index < state.blocks.size()) {
        place.entry = &state.blocks[index];
        const StatePart &part = state.parts[place.entry->part];
        place.part = part.file.get();
        place.rows = place.entry->rows().value();
        place.stored = (*part.columns)[columnIndex];
    } else {
        const TailBatch &tail = state.tail[index - state.blocks.size()];
        place.batch = tail.batch.get();
        place.rows = place.batch->rowCount;
        place.stored = (*tail.columns)[columnIndex];
    }
    return place;
}

Result<Column> columnFromMemory(const Place &place)
{
    return underType(place.batch->columns[static_cast<std::size_t>(place.stored)], place.type);
}

Result<Column> columnAt(const DatasetState &state, std::int64_t batch, int column, Caching caching)
{
    const Place place = placeOf(state, batch, column);
    if (place.stored < 0)
        return columnar::absentColumn(place.type, place.rows, columnar::Absence::Missing);
    if (place.batch != nullptr)
        return columnFromMemory(place);
    if (auto cached = state.cache->find(place.key()))
        return *std::move(cached);
    auto read = place.part->column(place.entry->block, place.stored);
    if (!read)
        return read;
    if (place.entry->deleted)
        *read = place.entry->deleted->filtered(*read);
    auto result = underType(std::move(*read), place.type);
    if (result && caching == Caching::Fill)
        state.cache->insert(place.key(), *result);
    return result;
}

std::int64_t rowsOf(const DatasetState &state, std::int64_t batch)
{
    const auto index = static_cast<std::size_t>(batch);
    return index < state.blocks.size() ? state.blocks[index].rows().value()
                                       : state.tail[index - state.blocks.size()].batch->rowCount;
}

/// Walks a snapshot from its first batch to its last.
class SnapshotScan final : public columnar::BatchReader
{
public:
    SnapshotScan(std::shared_ptr<const DatasetState> state, std::vector<int> columns)
        : m_state(std::move(state)), m_columns(std::move(columns))
    {
        auto schema = std::make_shared<columnar::Schema>();
        for (const int column : m_columns)
            schema->fields.push_back(m_state->schema->fields[static_cast<std::size_t>(column)]);
        m_schema = *schema == *m_state->schema ? m_state->schema : std::move(schema);
    }

    SchemaPtr schema() const override { return m_schema; }
    std::optional<RowCount> totalRows() const override { return m_state->rows; }

    Result<std::optional<RecordBatch>> next() override
    {
        const auto count = static_cast<std::int64_t>(m_state->blocks.size() + m_state->tail.size());
        while (m_next < count && rowsOf(*m_state, m_next) == 0) // all superseded
            ++m_next;
        if (m_next == count)
            return std::nullopt;
        RecordBatch batch{.schema = m_schema, .rowCount = rowsOf(*m_state, m_next)};
        batch.columns.reserve(m_columns.size());
        for (const int column : m_columns) {
            auto read = columnAt(*m_state, m_next, column, Caching::Look);
            if (!read)
                return fail(std::move(read).error());
            batch.columns.push_back(std::move(*read));
        }
        ++m_next;
        return batch;
    }

private:
    std::shared_ptr<const DatasetState> m_state;
    std::vector<int> m_columns;
    SchemaPtr m_schema;
    std::int64_t m_next = 0;
};

} // namespace

DatasetSnapshot::DatasetSnapshot()
{
    static const auto empty = std::make_shared<const DatasetState>();
    m_state = empty;
}

DatasetSnapshot::DatasetSnapshot(std::shared_ptr<const DatasetState> state)
    : m_state(std::move(state))
{}

const SchemaPtr &DatasetSnapshot::schema() const
{
    return m_state->schema;
}

RowCount DatasetSnapshot::rowCount() const
{
    return m_state->rows;
}

RowCount DatasetSnapshot::committedRows() const
{
    return m_state->committedRows;
}

std::uint64_t DatasetSnapshot::numbering() const
{
    return m_state->numbering;
}

std::int64_t DatasetSnapshot::batchCount() const
{
    return static_cast<std::int64_t>(m_state->blocks.size() + m_state->tail.size());
}

BatchExtent DatasetSnapshot::extent(std::int64_t batch) const
{
    const auto index = static_cast<std::size_t>(batch);
    const RowCount rows(rowsOf(*m_state, batch));
    return index < m_state->blocks.size()
               ? BatchExtent{m_state->blocks[index].first, rows}
               : BatchExtent{m_state->tail[index - m_state->blocks.size()].first, rows};
}

std::int64_t DatasetSnapshot::batchOf(RowIndex row) const
{
    if (row.value() < m_state->fileRows.value())
        return static_cast<std::int64_t>(m_state->blocks.find(row));
    const auto behind = std::ranges::upper_bound(m_state->tail, row, {}, &TailBatch::first);
    return static_cast<std::int64_t>(m_state->blocks.size()) + (behind - m_state->tail.begin()) - 1;
}

Result<Column> DatasetSnapshot::column(std::int64_t batch, int column) const
{
    return columnAt(*m_state, batch, column, Caching::Fill);
}

Result<Column> DatasetSnapshot::scannedColumn(std::int64_t batch, int column) const
{
    return columnAt(*m_state, batch, column, Caching::Look);
}

std::optional<Column> DatasetSnapshot::cachedColumn(std::int64_t batch, int column) const
{
    const Place place = placeOf(*m_state, batch, column);
    if (place.stored < 0)
        return columnar::absentColumn(place.type, place.rows, columnar::Absence::Missing);
    if (place.batch == nullptr)
        return m_state->cache->find(place.key());
    auto result = columnFromMemory(place);
    return result ? std::optional(*std::move(result)) : std::nullopt;
}

Result<RecordBatch> DatasetSnapshot::batch(std::int64_t batch, std::span<const int> columns) const
{
    auto schema = std::make_shared<columnar::Schema>();
    RecordBatch result{.rowCount = rowsOf(*m_state, batch)};
    for (const int index : columns) {
        auto read = scannedColumn(batch, index);
        if (!read)
            return fail(std::move(read).error());
        schema->fields.push_back(m_state->schema->fields[static_cast<std::size_t>(index)]);
        result.columns.push_back(std::move(*read));
    }
    result.schema = std::move(schema);
    return result;
}

DatasetSnapshot DatasetSnapshot::merged() const
{
    if (!m_state->unmergedFrom)
        return *this;
    DatasetState state = *m_state;
    state.hideUnmerged();
    return DatasetSnapshot(std::make_shared<const DatasetState>(std::move(state)));
}

std::unique_ptr<columnar::BatchReader> DatasetSnapshot::scan(std::vector<int> columns) const
{
    if (columns.empty()) {
        columns.resize(m_state->schema->fields.size());
        std::iota(columns.begin(), columns.end(), 0);
    }
    return std::make_unique<SnapshotScan>(m_state, std::move(columns));
}

} // namespace freshet::store
