// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "columnar/record_batch.h"
#include "store/dataset.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace freshet::query {

/// Runs SQL over dataset snapshots with DuckDB, reading batches in place through a table function:
/// parallel, only the columns the query names, no import.
///
/// Threads: one query at a time on an engine; engines are independent.
/// Lifetime: readers returned by `query` keep the engine's database alive.
class QueryEngine
{
public:
    struct Options
    {
        int threads = 2;
        ByteCount memoryLimit = ByteCount(256LL << 20);
        std::filesystem::path temporaryFolder; ///< for spilling; empty: none
    };

    [[nodiscard]] static Result<std::unique_ptr<QueryEngine>> open(const Options &options);
    ~QueryEngine();

    /// Make `snapshot` a view called `name` (`data` by convention). Exact types: decimal, uint64
    /// and json text keep every digit; json columns are VARCHAR with DuckDB's JSON alias where
    /// there is one.
    [[nodiscard]] Status attach(const std::string &name, store::DatasetSnapshot snapshot);

    /// Run one statement and stream its result. Only reading statements are let through.
    /// Errors: SqlError with DuckDB's text; Cancelled.
    [[nodiscard]] Result<std::unique_ptr<columnar::BatchReader>> query(std::string_view sql,
                                                                       const CancelToken &cancel);

    /// Write `SELECT … FROM <view>` as a Parquet file to `target` (no rename, no sync: the
    /// caller's).
    struct ParquetOptions
    {
        std::string compression = "zstd"; ///< zstd, snappy, gzip, uncompressed
        bool keepOrder = true;
    };
    using ProgressCallback = std::function<void(double fraction)>;
    [[nodiscard]] Status writeParquet(std::string_view selectSql,
                                      const std::filesystem::path &target,
                                      const ParquetOptions &options, const CancelToken &cancel,
                                      const ProgressCallback &progress);

private:
    struct Impl;
    explicit QueryEngine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// `name` as a quoted SQL identifier.
[[nodiscard]] std::string quotedIdentifier(std::string_view name);

} // namespace freshet::query
