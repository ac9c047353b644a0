// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/parquet_rows.h"

#include "query/database.h"

namespace freshet::query {

Result<RowCount> countParquetRows(const std::filesystem::path &file, const CancelToken &cancel)
{
    // Absolute, so that nothing in it looks like a scheme or a home folder to DuckDB.
    std::error_code pathError;
    const auto path = std::filesystem::absolute(file, pathError);
    if (pathError)
        return fail(systemError(pathError.value(), file.string()));
    auto database = Database::open(
        {.threads = 2, .memoryLimit = 256_MiB, .temporaryFolder = {}, .allowedFile = path});
    if (!database)
        return fail(std::move(database).error());
    auto connection = (*database)->connect();
    if (!connection)
        return fail(std::move(connection).error());
    return guarded([&]() -> Result<RowCount> {
        const auto interrupt =
            cancel.onCancel([handle = connection->get()] { duckdb_interrupt(handle); });
        // The count alone stands in the footer; the hash makes DuckDB read what it speaks of.
        const std::string sql =
            "SELECT count(*), max(hash(r)) FROM read_parquet(" + quotedText(path.string()) + ") r";
        ResultHandle result;
        const auto state = duckdb_query(connection->get(), sql.c_str(), result.get());
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "reading the Parquet file was cancelled");
        if (state != DuckDBSuccess)
            return fail(duckdbError(result.error()));
        const ChunkHandle chunk(duckdb_fetch_chunk(*result.get()));
        if (chunk.get() == nullptr || duckdb_data_chunk_get_size(chunk.get()) != 1)
            return fail(ErrorCode::Internal, "DuckDB counted no rows");
        const auto *counts = static_cast<const std::int64_t *>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk.get(), 0)));
        return RowCount(*counts);
    });
}

} // namespace freshet::query
