// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/library.h"

#include "store/dataset_writer_impl.h"

#include <algorithm>

namespace freshet::store {

DatasetWriter::DatasetWriter(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
DatasetWriter::~DatasetWriter() = default;

std::shared_ptr<Dataset> DatasetWriter::dataset() const
{
    return m_impl->dataset();
}

Status DatasetWriter::append(columnar::RecordBatch batch)
{
    if (batch.rowCount <= columnar::kMaxBatchRows)
        return m_impl->add(std::move(batch));
    for (std::int64_t first = 0; first < batch.rowCount; first += columnar::kMaxBatchRows) {
        const std::int64_t count = std::min(columnar::kMaxBatchRows, batch.rowCount - first);
        FRESHET_TRY(m_impl->add(columnar::sliceBatch(batch, first, count)));
    }
    return {};
}

void DatasetWriter::addReject(StoredReject reject)
{
    m_impl->addReject(std::move(reject));
}

Status DatasetWriter::supersede(std::span<const RowIndex> rows)
{
    return m_impl->supersede(rows);
}

Result<RowCount> DatasetWriter::keepLast(RowCount rows)
{
    return m_impl->keepLast(rows);
}

bool DatasetWriter::isCommitDue() const
{
    return m_impl->isCommitDue();
}

Result<bool> DatasetWriter::commitIfDue(const CommitPoint &point)
{
    if (!m_impl->isCommitDue())
        return false;
    FRESHET_TRY(m_impl->commit(point));
    return true;
}

Status DatasetWriter::commit(const CommitPoint &point)
{
    return m_impl->commit(point);
}

Status DatasetWriter::finish(const FinalState &state)
{
    return m_impl->finish(state);
}

RowCount DatasetWriter::keptRows() const
{
    return m_impl->keptRows();
}

} // namespace freshet::store
