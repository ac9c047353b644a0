// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "query/duckdb_handles.h"

#include <string>
#include <vector>

namespace freshet::query {

/// How one column of rows is got out of a Parquet file.
struct ParquetColumn
{
    /// What has to be done with the values that DuckDB hands out.
    enum class Kind {
        AsTheyAre,
        Nanoseconds, ///< int64 since 1970: microseconds where that is exact, else text
        Int96,       ///< microseconds, right only within the years 1 to 9999
        FloatJson,   ///< JSON in which NaN and infinities stand bare
    };

    std::string name;
    std::string expression; ///< SQL over the aliases c0, c1 … of the file's columns
    Kind kind = Kind::AsTheyAre;
};

/// What is read of a Parquet file.
struct ParquetProjection
{
    std::vector<ParquetColumn> columns;
    std::string aliases; ///< "c0, c1, c2"
    /// What the reader cannot give exactly, a sentence for each column.
    std::vector<std::string> notes;
};

/// Plan the columns of the Parquet file at `path`. With `flatten`
/// structs become dotted columns; lists, maps and other structs become JSON, intervals and UUIDs
/// text. Names are the file's own, letter case included; a second column of one name gets `#2`.
/// Errors: SqlError with DuckDB's text.
[[nodiscard]] Result<ParquetProjection> planParquetColumns(duckdb_connection connection,
                                                           const std::string &path, bool flatten);

/// `text` of JSON with bare NaN, Infinity and -Infinity put into quotation marks.
[[nodiscard]] std::string withQuotedFloats(std::string_view json);

} // namespace freshet::query
