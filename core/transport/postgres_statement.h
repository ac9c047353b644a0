// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "transport/postgres_columns.h"
#include "transport/postgres_fetch.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

/// A column as the query gives it, and what the server does to it before it is sent.
struct QueryColumn
{
    PostgresColumn sent;
    /// A function with this SQL name turns the value into text: its type's output function, or one
    /// that writes JSON. Empty: it is sent as it is.
    std::string writer;
};

/// Without the blanks, semicolons and comments at the end.
[[nodiscard]] std::string_view trimmedQuery(std::string_view sql);
/// Whether the statement begins as one that can be copied: SELECT, VALUES, TABLE or WITH. Comments
/// and parentheses in front are passed over.
[[nodiscard]] bool isQuery(std::string_view sql);

/// The query with its columns as they are sent, its rows cut to `range` and in its order; the query
/// itself where nothing of it changes. Column names need not be unique but for those of the key.
/// Errors: InvalidArgument for a key that the query does not give.
[[nodiscard]] Result<std::string>
sentQuery(std::string_view sql, const std::vector<QueryColumn> &columns, const KeyRange &range);

/// With quotes, for use in a statement. `standard_conforming_strings` must be on.
[[nodiscard]] std::string quotedLiteral(std::string_view text);
[[nodiscard]] std::string quotedIdentifier(std::string_view name);
/// `select * from` a table, given as NAME or SCHEMA.NAME: spelled exactly so, unless a part has
/// double quotes around it already.
[[nodiscard]] std::string tableQuery(std::string_view table);

} // namespace freshet::transport
