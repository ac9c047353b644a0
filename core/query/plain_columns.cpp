// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/plain_columns.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace freshet::query {

namespace {

QJsonObject syntaxTree(duckdb_connection connection, const std::string &sql)
{
    StatementHandle statement;
    if (duckdb_prepare(connection, "SELECT json_serialize_sql(CAST($1 AS VARCHAR))::VARCHAR",
                       statement.receive()) != DuckDBSuccess ||
        duckdb_bind_varchar_length(statement.get(), 1, sql.data(), sql.size()) != DuckDBSuccess)
        return {};
    ResultHandle result;
    if (duckdb_execute_prepared(statement.get(), result.get()) != DuckDBSuccess)
        return {};
    const ChunkHandle chunk(duckdb_fetch_chunk(*result.get()));
    if (!chunk || duckdb_data_chunk_get_size(chunk.get()) != 1)
        return {};
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk.get(), 0);
    auto *text = static_cast<duckdb_string_t *>(duckdb_vector_get_data(vector));
    const QByteArray json(duckdb_string_t_data(text),
                          static_cast<qsizetype>(duckdb_string_t_length(*text)));
    return QJsonDocument::fromJson(json).object();
}

QString text(const QJsonObject &object, const char *key)
{
    return object.value(QLatin1String(key)).toString();
}

bool isEmptyArray(const QJsonObject &object, const char *key)
{
    return object.value(QLatin1String(key)).toArray().isEmpty();
}

std::string folded(const QString &name)
{
    return foldedName(name.toStdString());
}

/// Whether a star or COLUMNS(…) hides inside: it names columns that we do not see.
bool hidesStar(const QJsonObject &expression)
{
    return QJsonDocument(expression).toJson(QJsonDocument::Compact).contains("\"class\":\"STAR\"");
}

/// Take in one entry of the select list. False if it makes the names uncertain.
bool takeEntry(PlainColumns &plain, const QJsonObject &entry)
{
    const QString kind = text(entry, "class");
    const QString alias = text(entry, "alias");
    if (kind == QLatin1String("STAR")) {
        plain.hasStar = true;
        return isEmptyArray(entry, "replace_list") && isEmptyArray(entry, "rename_list");
    }
    if (kind == QLatin1String("COLUMN_REF")) {
        const auto path = entry.value(QLatin1String("column_names")).toArray();
        // Three parts and more may reach into a struct; datasets have none, but who knows.
        if (path.isEmpty() || path.size() > 2)
            return false;
        const std::string name = folded(path.last().toString());
        if (alias.isEmpty() || folded(alias) == name)
            plain.named.insert(name);
        else
            plain.computed.insert(folded(alias));
        return true;
    }
    if (!alias.isEmpty())
        plain.computed.insert(folded(alias));
    return !hidesStar(entry);
}

} // namespace

PlainColumns plainColumns(duckdb_connection connection, const std::string &sql)
{
    const auto statements =
        syntaxTree(connection, sql).value(QLatin1String("statements")).toArray();
    if (statements.size() != 1)
        return {};
    const auto node = statements.first().toObject().value(QLatin1String("node")).toObject();
    const auto with = node.value(QLatin1String("cte_map")).toObject();
    const auto table = node.value(QLatin1String("from_table")).toObject();
    if (text(node, "type") != QLatin1String("SELECT_NODE") || !isEmptyArray(with, "map") ||
        text(table, "type") != QLatin1String("BASE_TABLE") ||
        !isEmptyArray(table, "column_name_alias"))
        return {};

    PlainColumns plain;
    plain.table = text(table, "table_name").toStdString();
    for (const auto entry : node.value(QLatin1String("select_list")).toArray()) {
        if (!takeEntry(plain, entry.toObject()))
            return {};
    }
    return plain;
}

} // namespace freshet::query
