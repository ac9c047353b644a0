// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/postgres_catalogue.h"

#include "transport/postgres_connection.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <libpq-fe.h>

#include <charconv>

namespace freshet::transport {

namespace {

/// Rows of text.
class Rows
{
public:
    explicit Rows(const PGresult *result) : m_result(result) {}
    [[nodiscard]] int count() const { return PQntuples(m_result); }
    [[nodiscard]] bool isNull(int row, int column) const
    {
        return PQgetisnull(m_result, row, column) != 0;
    }
    [[nodiscard]] std::string text(int row, int column) const
    {
        return {PQgetvalue(m_result, row, column),
                static_cast<std::size_t>(PQgetlength(m_result, row, column))};
    }

private:
    const PGresult *m_result;
};

PostgresRelation::Kind kindOf(const std::string &relkind)
{
    using Kind = PostgresRelation::Kind;
    switch (relkind.empty() ? 'r' : relkind.front()) {
    case 'p':
        return Kind::Partitioned;
    case 'v':
        return Kind::View;
    case 'm':
        return Kind::MaterializedView;
    case 'f':
        return Kind::Foreign;
    default:
        return Kind::Table;
    }
}

constexpr const char *kDatabases =
    "select datname from pg_catalog.pg_database where datallowconn and not datistemplate and "
    "has_database_privilege(oid, 'connect') order by datname";

constexpr const char *kSchemas =
    "select nspname from pg_catalog.pg_namespace where nspname !~ '^pg_' and "
    "nspname <> 'information_schema' and has_schema_privilege(oid, 'usage') order by nspname";

/// reltuples is -1 where nothing has been counted. Partitions count for their table.
constexpr const char *kRelations = R"(
select n.nspname, c.relname, c.relkind,
       case when c.relkind in ('v') then null
            when c.relkind = 'p' then (
                select sum(p.reltuples)::bigint
                from pg_catalog.pg_partition_tree(c.oid) t
                join pg_catalog.pg_class p on p.oid = t.relid
                where t.isleaf and p.reltuples >= 0)
            when c.reltuples < 0 then null
            else c.reltuples::bigint end,
       obj_description(c.oid, 'pg_class'),
       (select array_to_json(array_agg(a.attname order by k.place))
        from pg_catalog.pg_index i
        cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
        where i.indrelid = c.oid and i.indisprimary and k.place <= i.indnkeyatts)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and has_schema_privilege(n.oid, 'usage')
order by n.nspname, c.relname)";

constexpr const char *kColumns = R"(
select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped
order by a.attnum)";

/// One row for each column of each key; expressions and conditions make none.
constexpr const char *kKeys = R"(
select i.indexrelid, i.indisprimary, a.attname
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
where n.nspname = $1 and c.relname = $2 and i.indisunique and i.indisvalid
  and i.indpred is null and i.indexprs is null and k.place <= i.indnkeyatts
  and not exists (
      select from unnest(i.indkey::int2[]) with ordinality as o (attnum, place)
      join pg_catalog.pg_attribute b on b.attrelid = c.oid and b.attnum = o.attnum
      where o.place <= i.indnkeyatts and not b.attnotnull)
order by not i.indisprimary, i.indnkeyatts, i.indexrelid, k.place)";

/// The texts of a JSON array; none for an empty text.
std::vector<std::string> textsIn(const std::string &json)
{
    std::vector<std::string> texts;
    const QJsonArray array = QJsonDocument::fromJson(QByteArray::fromStdString(json)).array();
    for (const QJsonValue &value : array)
        texts.push_back(value.toString().toStdString());
    return texts;
}

Result<std::vector<std::string>> firstColumn(PostgresConnection &connection, const char *sql)
{
    const auto result = connection.run(sql);
    if (!result)
        return fail(result.error());
    const Rows rows(result->get());
    std::vector<std::string> texts;
    for (int row = 0; row < rows.count(); ++row)
        texts.push_back(rows.text(row, 0));
    return texts;
}

} // namespace

PostgresCatalogue::PostgresCatalogue(ByteRequest request, CancelToken cancel)
    : m_request(std::move(request)), m_cancel(std::move(cancel))
{}

PostgresCatalogue::~PostgresCatalogue() = default;

Result<std::unique_ptr<PostgresCatalogue>> PostgresCatalogue::open(ByteRequest request,
                                                                   CancelToken cancel)
{
    std::unique_ptr<PostgresCatalogue> made(
        new PostgresCatalogue(std::move(request), std::move(cancel)));
    auto connection = PostgresConnection::open(made->m_request, made->m_cancel, made->m_board);
    if (!connection)
        return fail(std::move(connection).error());
    made->m_connection = std::move(*connection);
    return made;
}

std::string PostgresCatalogue::database() const
{
    return PQdb(m_connection->handle());
}

Result<std::vector<std::string>> PostgresCatalogue::databases()
{
    return firstColumn(*m_connection, kDatabases);
}

Result<std::vector<std::string>> PostgresCatalogue::schemas()
{
    return firstColumn(*m_connection, kSchemas);
}

Result<std::vector<PostgresRelation>> PostgresCatalogue::relations()
{
    const auto result = m_connection->run(kRelations);
    if (!result)
        return fail(result.error());
    const Rows rows(result->get());
    std::vector<PostgresRelation> relations;
    for (int row = 0; row < rows.count(); ++row) {
        PostgresRelation relation{.schema = rows.text(row, 0),
                                  .name = rows.text(row, 1),
                                  .kind = kindOf(rows.text(row, 2)),
                                  .primaryKey = textsIn(rows.text(row, 5)),
                                  .comment = rows.text(row, 4)};
        if (!rows.isNull(row, 3)) {
            const std::string text = rows.text(row, 3);
            std::int64_t count = 0;
            std::from_chars(text.data(), text.data() + text.size(), count);
            relation.estimatedRows = count;
        }
        relations.push_back(std::move(relation));
    }
    return relations;
}

Result<PostgresTable> PostgresCatalogue::table(const std::string &schema, const std::string &name)
{
    const auto columns = m_connection->run(kColumns, {schema, name});
    if (!columns)
        return fail(columns.error());
    const auto keys = m_connection->run(kKeys, {schema, name});
    if (!keys)
        return fail(keys.error());
    PostgresTable table;
    const Rows columnRows(columns->get());
    for (int row = 0; row < columnRows.count(); ++row)
        table.columns.push_back({.name = columnRows.text(row, 0),
                                 .type = columnRows.text(row, 1),
                                 .isNullable = columnRows.text(row, 2) != "t"});
    if (table.columns.empty())
        return fail(ErrorCode::DatabaseRefused,
                    "there is no table or view \"" + name + "\" in the schema \"" + schema + '"');
    const Rows keyRows(keys->get());
    std::string index;
    for (int row = 0; row < keyRows.count(); ++row) {
        if (row == 0 || keyRows.text(row, 0) != index)
            table.keys.push_back({.isPrimary = keyRows.text(row, 1) == "t"});
        index = keyRows.text(row, 0);
        table.keys.back().columns.push_back(keyRows.text(row, 2));
    }
    return table;
}

std::string databaseUrl(const std::string &url, const std::string &database)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    const std::size_t authority = std::min(url.find("://") + 3, url.size());
    const std::size_t path = std::min(url.find_first_of("/?", authority), url.size());
    const std::size_t rest = std::min(url.find('?', path), url.size());
    std::string changed = url.substr(0, path) + '/';
    for (const char c : database) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::string_view("%/?#&=@: ").find(c) == std::string_view::npos && byte >= 0x20 &&
            byte < 0x7F) {
            changed += c;
        } else {
            changed += '%';
            changed += kHex[byte >> 4];
            changed += kHex[byte & 15];
        }
    }
    return changed + url.substr(rest);
}

std::string_view relationKindName(PostgresRelation::Kind kind)
{
    using Kind = PostgresRelation::Kind;
    switch (kind) {
    case Kind::Table:
        return "table";
    case Kind::Partitioned:
        return "partitioned table";
    case Kind::View:
        return "view";
    case Kind::MaterializedView:
        return "materialized view";
    case Kind::Foreign:
        return "foreign table";
    }
    return "table";
}

} // namespace freshet::transport
