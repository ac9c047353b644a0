// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/batch_builder.h"

namespace freshet::columnar {

/// Takes rows whose types are known already (of a Parquet or Arrow file) into a BatchBuilder, where
/// they meet those of other sources under the builder's rules.
///
/// Texts stay texts, however much they look like dates or numbers. Times are given a free form with
/// as many digits as they need. Columns without any value are declared all the same.
/// Threads: one thread at a time. Lifetime: the builder outlives the appender.
class BatchAppender
{
public:
    explicit BatchAppender(BatchBuilder &builder) : m_builder(builder) {}

    /// Declare the columns of a file that may have no row. Errors: LimitReached.
    [[nodiscard]] Status declare(const Schema &schema);
    /// The batch that `append` takes rows from. Errors: LimitReached (`Limits::columns`).
    [[nodiscard]] Status begin(RecordBatch batch);
    /// Append rows until the batch is used up or the builder is full. Output: whether rows are
    /// left. Errors: those of `BatchBuilder::endRow`.
    [[nodiscard]] Result<bool> append();

private:
    void appendValue(std::size_t column, std::int64_t row);

    BatchBuilder &m_builder;
    RecordBatch m_batch;
    std::int64_t m_row = 0; ///< the next one
    std::vector<BatchBuilder::ColumnId> m_ids;
    std::vector<LogicalType> m_types; ///< under which the values go in
};

} // namespace freshet::columnar
