// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/result_reader.h"

#include <algorithm>

namespace freshet::query {

using columnar::RecordBatch;

Result<std::unique_ptr<ResultReader>>
ResultReader::start(std::shared_ptr<const Database> database,
                    std::shared_ptr<SnapshotRegistry> registry, std::string_view sql,
                    const CancelToken &cancel)
{
    return guarded([&]() -> Result<std::unique_ptr<ResultReader>> {
        std::unique_ptr<ResultReader> reader(
            new ResultReader(std::move(database), std::move(registry), cancel));
        FRESHET_TRY(reader->begin(sql));
        return reader;
    });
}

ResultReader::ResultReader(std::shared_ptr<const Database> database,
                           std::shared_ptr<SnapshotRegistry> registry, const CancelToken &cancel)
    : m_database(std::move(database)), m_registry(std::move(registry)), m_cancel(cancel)
{}

ResultReader::~ResultReader()
{
    // The cancel token goes first: it must not reach a connection that is being closed. DuckDB
    // waits for its tasks when it closes one, so a query that nobody wants any more is stopped
    // before.
    m_interrupt = {};
    if (m_connection)
        duckdb_interrupt(m_connection.get());
}

Status ResultReader::begin(std::string_view sql)
{
    auto connection = m_database->connect();
    if (!connection)
        return fail(std::move(connection).error());
    m_connection = std::move(*connection);
    // Whatever a statement may hide, in a transaction of this kind it changes nothing.
    FRESHET_TRY(run(m_connection.get(), "BEGIN TRANSACTION READ ONLY"));

    auto statement = prepareReading(m_connection.get(), sql, *m_registry);
    if (!statement)
        return fail(std::move(statement).error());
    m_statement = std::move(statement->handle);
    auto schema = std::make_shared<columnar::Schema>();
    for (std::size_t i = 0; i < statement->columns.size(); ++i) {
        const ResultColumn &column = statement->columns[i];
        schema->fields.push_back({.name = column.name, .type = column.type});
        m_columns.emplace_back(column.name, column.type);
        m_vectorTypes.push_back(duckdb_prepared_statement_column_type(m_statement.get(), i));
    }
    m_schema = std::move(schema);

    m_interrupt =
        m_cancel.onCancel([connection = m_connection.get()] { duckdb_interrupt(connection); });
    if (duckdb_pending_prepared_streaming(m_statement.get(), m_pending.receive()) != DuckDBSuccess)
        return fail(failure(duckdb_pending_error(m_pending.get())));
    // A start wipes out an interrupt that came just before it.
    if (m_cancel.isCancelled())
        return fail(failure(nullptr));
    if (duckdb_execute_pending(m_pending.get(), m_result.get()) != DuckDBSuccess)
        return fail(failure(m_result.error()));
    return {};
}

Error ResultReader::failure(const char *text) const
{
    auto stored = m_registry->takeFailure();
    if (m_cancel.isCancelled())
        return Error{.code = ErrorCode::Cancelled, .detail = "the query was cancelled"};
    return stored ? *std::move(stored) : duckdbError(text);
}

Result<std::optional<RecordBatch>> ResultReader::next()
{
    return guarded([this]() -> Result<std::optional<RecordBatch>> {
        while (!m_isAtEnd) {
            if (!m_chunk) {
                const auto fetched = fetchChunk();
                if (!fetched)
                    return fail(fetched.error());
                if (!*fetched)
                    break;
            }
            const idx_t end = endOfFit();
            if (end == m_chunkRow)
                return std::optional(seal());
            FRESHET_TRY(takeRows(end));
        }
        return m_rows != 0 ? std::optional(seal()) : std::nullopt;
    });
}

/// False at the end of the result.
Result<bool> ResultReader::fetchChunk()
{
    m_chunk = ChunkHandle(duckdb_fetch_chunk(*m_result.get()));
    m_chunkRow = 0;
    // An interrupted stream ends without an error.
    if (m_result.error() != nullptr || m_cancel.isCancelled())
        return fail(failure(m_result.error()));
    m_isAtEnd = !m_chunk;
    return !m_isAtEnd;
}

/// One past the last row of the chunk that the batch under construction still takes: it stays
/// within `kMaxBatchRows` and no column passes `kMaxColumnBytes`, unless a single row does.
idx_t ResultReader::endOfFit() const
{
    const auto room = static_cast<idx_t>(columnar::kMaxBatchRows - m_rows);
    idx_t end = std::min(duckdb_data_chunk_get_size(m_chunk.get()), m_chunkRow + room);
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (!m_columns[i].type().isText())
            continue;
        duckdb_vector vector = duckdb_data_chunk_get_vector(m_chunk.get(), i);
        std::size_t held = m_columns[i].textBytes();
        for (idx_t row = m_chunkRow; row < end; ++row) {
            held += VectorReader::textBytes(vector, row);
            const bool isAlone = row == m_chunkRow && m_rows == 0;
            if (held > columnar::kMaxColumnBytes.asSize() && !isAlone)
                end = row;
        }
    }
    return end;
}

Status ResultReader::takeRows(idx_t end)
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(m_chunk.get(), i);
        FRESHET_TRY(m_columns[i].append(vector, m_vectorTypes[i], m_chunkRow, end));
    }
    m_rows += static_cast<std::int64_t>(end - m_chunkRow);
    m_chunkRow = end;
    if (m_chunkRow == duckdb_data_chunk_get_size(m_chunk.get()))
        m_chunk = ChunkHandle();
    return {};
}

RecordBatch ResultReader::seal()
{
    RecordBatch batch{.schema = m_schema, .rowCount = m_rows, .columns = {}};
    for (VectorReader &column : m_columns)
        batch.columns.push_back(column.finish());
    m_rows = 0;
    return batch;
}

} // namespace freshet::query
