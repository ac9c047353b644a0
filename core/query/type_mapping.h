// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/schema.h"
#include "query/duckdb_handles.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::query {

/// DuckDB's type for a column of ours. Null becomes VARCHAR, json VARCHAR under the alias JSON.
[[nodiscard]] TypeHandle toDuckdb(columnar::LogicalType type);

/// Our type that holds every value of DuckDB's `type` exactly; nothing if there is none, and the
/// column has to be cast first (see `castFor`). HUGEINT and UHUGEINT become decimal(38,0): values
/// past 38 digits are refused when they come.
[[nodiscard]] std::optional<columnar::LogicalType> fromDuckdb(duckdb_logical_type type);

/// How `expression` of a `type` without counterpart is turned into text: nested values as JSON,
/// others (INTERVAL, UUID, ENUM …) as DuckDB writes them.
[[nodiscard]] std::string castFor(duckdb_logical_type type, const std::string &expression);

/// `name` as SQL compares it: ASCII letters in lower case.
[[nodiscard]] std::string foldedName(std::string_view name);

/// The names under which the columns of `schema` are seen in SQL, where letter case does not count:
/// a name that is taken already gets `_1`, `_2` …, an empty one becomes `column`.
[[nodiscard]] std::vector<std::string> sqlColumnNames(const columnar::Schema &schema);

} // namespace freshet::query
