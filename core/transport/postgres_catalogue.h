// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "transport/progress_board.h"
#include "transport/transport.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace freshet::transport {

class PostgresConnection;

/// Something with rows.
struct PostgresRelation
{
    enum class Kind { Table, Partitioned, View, MaterializedView, Foreign };

    std::string schema;
    std::string name;
    Kind kind = Kind::Table;
    /// As the server's statistics have it, of a partitioned table the sum of its partitions;
    /// nothing where it has none yet, and for views.
    std::optional<std::int64_t> estimatedRows;
    /// Its columns in order; empty: it has none.
    std::vector<std::string> primaryKey;
    std::string comment;
};

struct PostgresColumnInfo
{
    std::string name;
    std::string type; ///< as the server writes it: `numeric(10,2)`
    bool isNullable = true;
};

/// Columns without nulls whose values together tell rows apart: fit to page and to resume by.
struct PostgresKey
{
    std::vector<std::string> columns;
    bool isPrimary = false;
};

struct PostgresTable
{
    std::vector<PostgresColumnInfo> columns;
    std::vector<PostgresKey> keys; ///< the primary one first
};

/// What there is on a PostgreSQL server, for somebody who looks for a table. Schemas of the system
/// are left out, and so are partitions, which their table stands for.
///
/// Threads: one thread at a time. Each call asks the server and blocks until it has answered.
/// Errors: those of `postgresError`; Cancelled.
class PostgresCatalogue
{
public:
    /// `request` as for a query, whose body may be empty. The database is the one of its URL; `url`
    /// of another is `databaseUrl`.
    [[nodiscard]] static Result<std::unique_ptr<PostgresCatalogue>> open(ByteRequest request,
                                                                         CancelToken cancel);
    ~PostgresCatalogue();

    /// The one that is connected, also where the URL names none.
    [[nodiscard]] std::string database() const;
    /// The databases that this user may connect to.
    [[nodiscard]] Result<std::vector<std::string>> databases();
    /// The schemas that this user may look into.
    [[nodiscard]] Result<std::vector<std::string>> schemas();
    /// All schemas' relations, by schema and name.
    [[nodiscard]] Result<std::vector<PostgresRelation>> relations();
    /// Errors: DatabaseRefused if there is no such relation.
    [[nodiscard]] Result<PostgresTable> table(const std::string &schema, const std::string &name);

private:
    PostgresCatalogue(ByteRequest request, CancelToken cancel);

    const ByteRequest m_request;
    const CancelToken m_cancel;
    ProgressBoard m_board;
    std::unique_ptr<PostgresConnection> m_connection;
};

/// `url` with another database in its path.
[[nodiscard]] std::string databaseUrl(const std::string &url, const std::string &database);
/// `postgres`'s words for a kind: "table", "partitioned table", "view" …
[[nodiscard]] std::string_view relationKindName(PostgresRelation::Kind kind);

} // namespace freshet::transport
