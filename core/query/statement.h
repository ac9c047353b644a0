// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "query/duckdb_handles.h"
#include "query/snapshot_scan.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::query {

/// A result column before the first row.
struct ResultColumn
{
    std::string name; ///< unique within the result
    columnar::LogicalType type;
};

/// A statement that only reads and whose every column has a type of ours.
struct ReadingStatement
{
    StatementHandle handle;
    std::vector<ResultColumn> columns;
};

/// Prepare `sql`, one statement. Columns whose DuckDB type has no counterpart are cast, nested ones
/// to JSON. Columns taken from a snapshot as they are keep its spelling of doubles and times.
/// Errors: SqlError with DuckDB's text; Unsupported for a statement that does not only read.
[[nodiscard]] Result<ReadingStatement> prepareReading(duckdb_connection connection,
                                                      std::string_view sql,
                                                      const SnapshotRegistry &registry);

} // namespace freshet::query
