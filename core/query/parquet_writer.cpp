// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/parquet_writer.h"

#include "query/arrow_stream.h"
#include "query/database.h"
#include "query/row_groups.h"
#include "query/type_mapping.h"

namespace freshet::query {

namespace {

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
    RowGroups groups(rows);
    FRESHET_TRY(groups.begin());
    ArrowStream stream(groups, sqlColumnNames(*schema), cancel);
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
            run(connection->get(), copyStatement(file, options, groups.groupRows()));
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "writing the Parquet file was cancelled");
        if (stream.failure())
            return fail(*stream.failure());
        return copied;
    });
}

} // namespace freshet::query
