// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "query/duckdb_handles.h"
#include "store/dataset.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace freshet::query {

/// A snapshot under the names that SQL sees.
struct AttachedSnapshot
{
    std::string name;
    store::DatasetSnapshot snapshot;
    std::vector<std::string> columnNames; ///< as `sqlColumnNames`
    std::string rowColumn;                ///< of the hidden column with the row's number
};
using AttachedSnapshotPtr = std::shared_ptr<const AttachedSnapshot>;

/// The snapshots that DuckDB may scan, and the first storage failure a scan met: DuckDB hands on
/// an error's text only.
/// Threads: thread-safe.
class SnapshotRegistry
{
public:
    /// Register under `name`, in place of an earlier one.
    AttachedSnapshotPtr attach(const std::string &name, store::DatasetSnapshot snapshot);
    [[nodiscard]] AttachedSnapshotPtr find(const std::string &name) const;

    void keepFailure(const Error &error);
    /// The failure since the last call, if there was one.
    [[nodiscard]] std::optional<Error> takeFailure();

private:
    mutable std::mutex m_mutex;
    std::map<std::string, AttachedSnapshotPtr, std::less<>> m_snapshots;
    std::optional<Error> m_failure;
};

/// Name of the table function: `FROM freshet_scan('data')`.
inline constexpr const char *kScanFunction = "freshet_scan";

/// Make the table function known to the connection's database.
///
/// Its first column is the row's number, BIGINT: a query that names no column, as `count(*)`, makes
/// DuckDB read the first one, and this one costs nothing. The dataset's columns follow. Only the
/// columns that a query names are read; each of `threads` scanning threads takes the next batch.
/// Order: where the result's order matters DuckDB scans with one thread, so rows keep theirs.
[[nodiscard]] Status registerSnapshotScan(duckdb_connection connection,
                                          std::shared_ptr<SnapshotRegistry> registry, int threads);

} // namespace freshet::query
