// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "columnar/record_batch.h"
#include "store/dataset.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace freshet::query {

/// Runs SQL over dataset snapshots with DuckDB, reading batches in place through a table function:
/// parallel, only the columns the query names, no import.
///
/// Threads: calls one at a time, on any thread; a reader may be used on another thread than the
/// engine. Lifetime: readers keep the engine's database and its snapshots alive.
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

    /// Make `snapshot` a view called `name` (`data` by convention), in place of an earlier one.
    /// Exact types: decimal, uint64 and json text keep every digit; json columns have DuckDB's type
    /// JSON. Letter case does not count in SQL: of columns `id` and `Id` the second is `Id_1`.
    /// Errors: InvalidArgument if the snapshot has no columns.
    [[nodiscard]] Status attach(const std::string &name, store::DatasetSnapshot snapshot);

    /// Run one statement and stream its result, rows in the dataset's order unless the statement
    /// says otherwise. Only statements that read are run, and SQL reaches no file and no network.
    ///
    /// Result types: HUGEINT as decimal(38,0); LIST, STRUCT and MAP as json; INTERVAL, UUID and
    /// other types without a counterpart as DuckDB's text. Times and doubles that come straight
    /// from a dataset keep their spelling; computed times have six fraction digits, with zone in
    /// UTC. Errors: SqlError with DuckDB's text; Unsupported for other statements; Cancelled;
    /// IoError and LibraryDamaged from the dataset.
    [[nodiscard]] Result<std::unique_ptr<columnar::BatchReader>> query(std::string_view sql,
                                                                       const CancelToken &cancel);

    /// The numbers of the rows of view `name` for which the SQL `condition` is true: one int64
    /// column, ascending. Only the columns that the condition names are read.
    /// Errors: as `query`; InvalidArgument if nothing is attached under that name.
    [[nodiscard]] Result<std::unique_ptr<columnar::BatchReader>>
    matchingRows(const std::string &name, std::string_view condition, const CancelToken &cancel);

private:
    struct Impl;
    explicit QueryEngine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// `name` as a quoted SQL identifier.
[[nodiscard]] std::string quotedIdentifier(std::string_view name);

} // namespace freshet::query
