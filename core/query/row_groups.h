// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <optional>

namespace freshet::query {

/// Another reader's rows in batches of about one size, that of a Parquet row group. DuckDB's writer
/// takes batches as they are if they differ from the size it was told by less than a vector; others
/// it copies together under a lock, which makes writing slower by a fifth.
///
/// Size: a dataset's batch, so that nothing is copied; smaller ones are put together up to 32,768
/// rows or 8 MiB. Threads: one thread at a time.
class RowGroups : public columnar::BatchReader
{
public:
    explicit RowGroups(columnar::BatchReader &rows) : m_rows(rows) {}

    /// Read the first group, which fixes the size. Before `next`.
    [[nodiscard]] Status begin();
    /// At least 1.
    [[nodiscard]] std::int64_t groupRows() const { return m_groupRows; }

    [[nodiscard]] columnar::SchemaPtr schema() const override { return m_rows.schema(); }
    [[nodiscard]] Result<std::optional<columnar::RecordBatch>> next() override;

private:
    [[nodiscard]] Result<std::optional<columnar::RecordBatch>> gather(std::int64_t enoughRows);

    columnar::BatchReader &m_rows;
    std::optional<columnar::RecordBatch> m_first;
    std::int64_t m_groupRows = 1;
};

} // namespace freshet::query
