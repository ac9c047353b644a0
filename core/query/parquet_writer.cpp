// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/parquet_writer.h"

#include "query/arrow_stream.h"
#include "query/database.h"
#include "query/type_mapping.h"

#include <algorithm>

namespace freshet::query {

namespace {

constexpr std::int64_t kRowGroupRows = 122'880;
constexpr ByteCount kRowGroupBytes = 32_MiB;

/// Row groups are held in memory, one or two a thread, until they are written: large rows get
/// smaller groups.
std::int64_t rowsInGroup(const columnar::RecordBatch *first)
{
    if (first == nullptr)
        return kRowGroupRows;
    const std::int64_t rowBytes =
        std::max<std::int64_t>(first->memory().value() / first->rowCount, 1);
    const std::int64_t vector = static_cast<std::int64_t>(duckdb_vector_size());
    const std::int64_t rows = kRowGroupBytes.value() / rowBytes / vector * vector;
    return std::clamp(rows, vector, kRowGroupRows);
}

std::string copyStatement(const std::filesystem::path &file, const ParquetOptions &options,
                          std::int64_t groupRows)
{
    return "COPY (FROM source_rows) TO " + quotedText(file.string()) +
           " (FORMAT parquet, COMPRESSION " + quotedText(options.compression) +
           ", ROW_GROUP_SIZE " + std::to_string(groupRows) +
           (options.dictionaries ? "" : ", DICTIONARY_SIZE_LIMIT 0") + ", USE_TMP_FILE false)";
}

} // namespace

Status writeParquet(columnar::BatchReader &rows, const std::filesystem::path &target,
                    const ParquetOptions &options, const CancelToken &cancel)
{
    const auto schema = rows.schema();
    if (schema->fields.empty())
        return fail(ErrorCode::InvalidArgument, "a Parquet file needs at least one column");
    // Absolute, so that nothing in it looks like a scheme or a home folder to DuckDB.
    std::error_code pathError;
    const auto file = std::filesystem::absolute(target, pathError);
    if (pathError)
        return fail(systemError(pathError.value(), target.string()));

    auto database = Database::open({.threads = options.threads,
                                    .memoryLimit = options.memoryLimit,
                                    .temporaryFolder = {},
                                    .allowedFile = file});
    if (!database)
        return fail(std::move(database).error());
    ArrowStream stream(rows, sqlColumnNames(*schema), cancel);
    const auto first = stream.peek();
    if (!first)
        return fail(first.error());
    auto connection = (*database)->connect();
    if (!connection)
        return fail(std::move(connection).error());

    return guarded([&]() -> Status {
        // DuckDB's own Arrow scan tells its writer where each batch belongs, which a table function
        // of the C API cannot: the rows keep their order although they are encoded in parallel.
        if (duckdb_arrow_scan(connection->get(), "source_rows",
                              reinterpret_cast<duckdb_arrow_stream>(stream.stream())) !=
            DuckDBSuccess)
            return fail(ErrorCode::Internal, "DuckDB refuses the rows to write");
        const auto interrupt =
            cancel.onCancel([handle = connection->get()] { duckdb_interrupt(handle); });
        const auto copied =
            run(connection->get(), copyStatement(file, options, rowsInGroup(*first)));
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "writing the Parquet file was cancelled");
        if (stream.failure())
            return fail(*stream.failure());
        return copied;
    });
}

} // namespace freshet::query
