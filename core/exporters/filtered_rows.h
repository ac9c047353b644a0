// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"
#include "store/dataset.h"

#include <memory>
#include <optional>
#include <vector>

namespace freshet::exporters {

/// The rows of a snapshot whose numbers another reader brings: values come from the dataset itself,
/// so that null and missing, spelling and types are what they were.
/// Threads: one thread at a time.
class FilteredRows : public columnar::BatchReader
{
public:
    /// `rowNumbers` gives one int64 column, ascending.
    FilteredRows(store::DatasetSnapshot snapshot, std::vector<int> columns,
                 std::unique_ptr<columnar::BatchReader> rowNumbers);

    [[nodiscard]] columnar::SchemaPtr schema() const override { return m_schema; }
    /// Errors: those of the snapshot and the row numbers; InvalidArgument for numbers that are not
    /// ascending rows of the snapshot.
    [[nodiscard]] Result<std::optional<columnar::RecordBatch>> next() override;

private:
    [[nodiscard]] Result<bool> fetchNumbers();
    [[nodiscard]] Result<columnar::RecordBatch> takeFromOneBatch();

    store::DatasetSnapshot m_snapshot;
    std::vector<int> m_columns;
    std::unique_ptr<columnar::BatchReader> m_rowNumbers;
    columnar::SchemaPtr m_schema;
    std::vector<std::int64_t> m_numbers; ///< fetched
    std::size_t m_used = 0;              ///< of them
    std::int64_t m_last = -1;
    std::optional<columnar::RecordBatch> m_kept; ///< taken already, did not fit the last batch
};

} // namespace freshet::exporters
