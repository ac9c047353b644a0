// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/type_mapping.h"

#include <set>
#include <string>
#include <string_view>

namespace freshet::query {

/// Which columns of a SELECT's result are columns of its one table, unchanged.
struct PlainColumns
{
    std::string table; ///< empty if the statement is none of this kind
    bool hasStar = false;
    std::set<std::string> named;    ///< selected by name; all names are folded
    std::set<std::string> computed; ///< names that something else than a column goes by

    [[nodiscard]] bool contains(std::string_view name) const
    {
        const std::string folded = foldedName(name);
        return !computed.contains(folded) && (hasStar || named.contains(folded));
    }
};

/// Look at the syntax tree of `sql` as DuckDB's `json_serialize_sql` shows it. Careful: a statement
/// with joins, subqueries in FROM, set operations or WITH has no plain columns.
[[nodiscard]] PlainColumns plainColumns(duckdb_connection connection, const std::string &sql);

} // namespace freshet::query
