// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/statement.h"

#include "query/database.h"
#include "query/plain_columns.h"
#include "query/query_engine.h"
#include "query/type_mapping.h"

#include <algorithm>
#include <set>

namespace freshet::query {

namespace {

Result<StatementHandle> prepare(duckdb_connection connection, const std::string &sql)
{
    StatementHandle statement;
    if (duckdb_prepare(connection, sql.c_str(), statement.receive()) != DuckDBSuccess) {
        const char *text = duckdb_prepare_error(statement.get());
        return fail(duckdbError(text != nullptr ? text : "the statement is empty"));
    }
    return statement;
}

/// DuckDB allows two columns of one name, our schemas do not.
std::string uniqueName(const std::string &name, std::set<std::string> &used)
{
    std::string candidate = name;
    for (int n = 1; !used.insert(candidate).second; ++n)
        candidate = name + "_" + std::to_string(n);
    return candidate;
}

/// Without the white space and semicolons at its end, so that it can stand in brackets.
std::string_view withoutEnd(std::string_view sql)
{
    const std::size_t last = sql.find_last_not_of(" \t\r\n;");
    return last == std::string_view::npos ? std::string_view() : sql.substr(0, last + 1);
}

/// `sql` as a subquery whose uncommon columns are cast; empty if there are none.
std::string withCasts(duckdb_prepared_statement statement, std::string_view sql)
{
    const idx_t count = duckdb_prepared_statement_column_count(statement);
    std::string selected;
    std::string aliases;
    bool isNeeded = false;
    for (idx_t i = 0; i < count; ++i) {
        const TypeHandle type(duckdb_prepared_statement_column_logical_type(statement, i));
        const std::string alias = "c" + std::to_string(i);
        const bool isExact = fromDuckdb(type.get()).has_value();
        isNeeded |= !isExact;
        const std::string name = takeText(duckdb_prepared_statement_column_name(statement, i));
        selected += (i != 0 ? ", " : "") + (isExact ? alias : castFor(type.get(), alias)) + " AS " +
                    quotedIdentifier(name);
        aliases += (i != 0 ? ", " : "") + alias;
    }
    if (!isNeeded)
        return {};
    // The line break ends a comment at the end of the text.
    return "SELECT " + selected + " FROM (\n" + std::string(withoutEnd(sql)) +
           "\n) AS freshet_result(" + aliases + ")";
}

std::vector<ResultColumn> columnsOf(duckdb_prepared_statement statement)
{
    std::vector<ResultColumn> columns;
    std::set<std::string> used;
    for (idx_t i = 0; i < duckdb_prepared_statement_column_count(statement); ++i) {
        const TypeHandle type(duckdb_prepared_statement_column_logical_type(statement, i));
        const std::string name = takeText(duckdb_prepared_statement_column_name(statement, i));
        columns.push_back({.name = uniqueName(name, used),
                           .type = fromDuckdb(type.get()).value_or(columnar::LogicalType{})});
    }
    return columns;
}

/// Whether values of the type can be spelled in several ways.
bool hasSpelling(columnar::LogicalType type)
{
    using columnar::TypeKind;
    return type.kind == TypeKind::Double || type.kind == TypeKind::Time ||
           type.kind == TypeKind::Timestamp;
}

/// The spelling of doubles and times in columns that come from a snapshot untouched.
void adoptSpelling(std::vector<ResultColumn> &columns, const PlainColumns &plain,
                   const AttachedSnapshot &attached)
{
    using Zone = columnar::TimeForm::Zone;
    const auto &fields = attached.snapshot.schema()->fields;
    for (ResultColumn &column : columns) {
        if (!hasSpelling(column.type) || !plain.contains(column.name))
            continue;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const columnar::LogicalType type = fields[i].type;
            if (attached.columnNames[i] == column.name && type.kind == column.type.kind &&
                (type.form.zone == Zone::None) == (column.type.form.zone == Zone::None))
                column.type = type;
        }
    }
}

} // namespace

Result<ReadingStatement> prepareReading(duckdb_connection connection, std::string_view sql,
                                        const SnapshotRegistry &registry)
{
    const std::string text(sql);
    auto statement = prepare(connection, text);
    if (!statement)
        return fail(std::move(statement).error());
    const auto kind = duckdb_prepared_statement_type(statement->get());
    if (kind != DUCKDB_STATEMENT_TYPE_SELECT && kind != DUCKDB_STATEMENT_TYPE_EXPLAIN)
        return fail(ErrorCode::Unsupported,
                    "only statements that read are run here, such as SELECT");
    if (duckdb_nparams(statement->get()) != 0)
        return fail(ErrorCode::SqlError, "the statement has parameters without a value");

    if (const std::string cast = withCasts(statement->get(), text); !cast.empty()) {
        statement = prepare(connection, cast);
        if (!statement)
            return fail(std::move(statement).error());
    }
    ReadingStatement reading{.handle = std::move(*statement), .columns = {}};
    reading.columns = columnsOf(reading.handle.get());
    if (std::any_of(reading.columns.begin(), reading.columns.end(),
                    [](const ResultColumn &column) { return hasSpelling(column.type); })) {
        const PlainColumns plain = plainColumns(connection, text);
        if (const auto attached = registry.find(plain.table))
            adoptSpelling(reading.columns, plain, *attached);
    }
    return reading;
}

} // namespace freshet::query
