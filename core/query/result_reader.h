// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "columnar/record_batch.h"
#include "query/database.h"
#include "query/statement.h"
#include "query/vector_reader.h"

#include <memory>
#include <optional>
#include <vector>

namespace freshet::query {

/// A query under way: its rows come while DuckDB computes them, so memory stays flat.
///
/// Cancelling interrupts DuckDB between two chunks of its work. Threads: one thread at a time.
/// Lifetime: keeps the database and the snapshots alive.
class ResultReader : public columnar::BatchReader
{
public:
    /// Prepare `sql` and start it. Errors: those of `prepareReading`; Cancelled; a snapshot's.
    [[nodiscard]] static Result<std::unique_ptr<ResultReader>>
    start(std::shared_ptr<const Database> database, std::shared_ptr<SnapshotRegistry> registry,
          std::string_view sql, const CancelToken &cancel);
    ~ResultReader() override;

    [[nodiscard]] columnar::SchemaPtr schema() const override { return m_schema; }
    [[nodiscard]] Result<std::optional<columnar::RecordBatch>> next() override;

private:
    ResultReader(std::shared_ptr<const Database> database,
                 std::shared_ptr<SnapshotRegistry> registry, const CancelToken &cancel);
    [[nodiscard]] Status begin(std::string_view sql);
    [[nodiscard]] Result<bool> fetchChunk();
    [[nodiscard]] idx_t endOfFit() const;
    [[nodiscard]] Status takeRows(idx_t end);
    [[nodiscard]] columnar::RecordBatch seal();
    [[nodiscard]] Error failure(const char *text) const;

    std::shared_ptr<const Database> m_database;
    std::shared_ptr<SnapshotRegistry> m_registry;
    CancelToken m_cancel;
    ConnectionHandle m_connection;
    StatementHandle m_statement;
    PendingHandle m_pending;
    ResultHandle m_result;
    CancelToken::Registration m_interrupt;

    columnar::SchemaPtr m_schema;
    std::vector<duckdb_type> m_vectorTypes;
    std::vector<VectorReader> m_columns;
    std::int64_t m_rows = 0; ///< collected
    ChunkHandle m_chunk;
    idx_t m_chunkRow = 0; ///< first row of the chunk that is not collected yet
    bool m_isAtEnd = false;
};

} // namespace freshet::query
