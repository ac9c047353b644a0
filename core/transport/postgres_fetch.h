// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

/// How the rows of a PostgreSQL query come.
enum class PostgresVia {
    Copy,   ///< one COPY … TO STDOUT (FORMAT binary): the fastest
    Cursor, ///< DECLARE and FETCH: for servers without binary COPY
    Keyset, ///< pages in the order of the key, each a COPY and a transaction of its own
};

/// `copy`, `cursor`, `keyset`.
[[nodiscard]] std::string_view postgresViaName(PostgresVia via);
[[nodiscard]] std::optional<PostgresVia> postgresViaByName(std::string_view name);

/// The rows of a query that lie behind a place in the order of a unique key.
struct KeyRange
{
    std::vector<std::string> columns; ///< the key; empty: all rows, in no order of ours
    /// The key of the row to go on behind, as text; empty: from the first row.
    std::vector<std::string> after;
    std::optional<std::int64_t> limit;
};

/// How a PostgreSQL server is asked, beside the address, which is the request's URL, and the
/// query, which is its body. Plain values.
struct PostgresFetch
{
    PostgresVia via = PostgresVia::Copy;
    /// Rows of one FETCH, or of one page.
    std::int64_t batchRows = 50'000;
    /// The server stops a statement that takes longer; 0: its own setting.
    std::chrono::milliseconds statementTimeout{0};
    std::string user;     ///< where the URL names none; empty: as libpq finds it
    std::string password; ///< where the URL has none; never kept
    KeyRange range;
};

/// Whether `url` is postgresql:// or postgres://.
[[nodiscard]] bool isPostgresUrl(std::string_view url);
/// The user that `url` names; empty if none.
[[nodiscard]] std::string userOf(std::string_view url);

} // namespace freshet::transport
