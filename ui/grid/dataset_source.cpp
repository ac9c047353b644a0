// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/dataset_source.h"

#include <utility>

namespace freshet::ui {

DatasetSource::DatasetSource(store::DatasetSnapshot snapshot) : m_snapshot(std::move(snapshot)) {}

const columnar::SchemaPtr &DatasetSource::schema() const
{
    return m_snapshot.schema();
}

RowCount DatasetSource::rowCount() const
{
    return m_snapshot.rowCount();
}

RowRange DatasetSource::runAround(RowIndex row) const
{
    const store::BatchExtent extent = m_snapshot.extent(m_snapshot.batchOf(row));
    return {extent.first, extent.first + extent.rows};
}

std::optional<CellRun> DatasetSource::peek(RowIndex row, int column) const
{
    const std::int64_t batch = m_snapshot.batchOf(row);
    std::optional<columnar::Column> values = m_snapshot.cachedColumn(batch, column);
    if (!values)
        return std::nullopt;
    return CellRun{m_snapshot.extent(batch).first, *std::move(values)};
}

Result<CellRun> DatasetSource::load(RowIndex row, int column) const
{
    const std::int64_t batch = m_snapshot.batchOf(row);
    Result<columnar::Column> values = m_snapshot.column(batch, column);
    if (!values)
        return fail(std::move(values).error());
    return CellRun{m_snapshot.extent(batch).first, *std::move(values)};
}

} // namespace freshet::ui
