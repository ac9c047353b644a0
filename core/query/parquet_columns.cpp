// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/parquet_columns.h"

#include "query/database.h"
#include "query/type_mapping.h"

#include <array>
#include <optional>
#include <set>

namespace freshet::query {

namespace {

using Kind = ParquetColumn::Kind;

/// What the file's own schema says of a top-level column and DuckDB's does not.
struct FileColumn
{
    std::string name;
    bool isInt96 = false;
    /// Nanoseconds that DuckDB cuts to microseconds.
    bool isCut = false;
};

std::string textAt(duckdb_vector vector, idx_t row)
{
    const auto *valid = duckdb_vector_get_validity(vector);
    if (valid != nullptr && !duckdb_validity_row_is_valid(const_cast<std::uint64_t *>(valid), row))
        return {};
    duckdb_string_t text = static_cast<duckdb_string_t *>(duckdb_vector_get_data(vector))[row];
    return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
}

/// Rows of `sql`, whose columns are all text.
Result<std::vector<std::vector<std::string>>> textRows(duckdb_connection connection,
                                                       const std::string &sql)
{
    ResultHandle result;
    if (duckdb_query(connection, sql.c_str(), result.get()) != DuckDBSuccess)
        return fail(duckdbError(result.error()));
    const idx_t width = duckdb_column_count(result.get());
    std::vector<std::vector<std::string>> rows;
    while (const ChunkHandle chunk{duckdb_fetch_chunk(*result.get())}) {
        for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
            std::vector<std::string> texts;
            for (idx_t column = 0; column < width; ++column)
                texts.push_back(textAt(duckdb_data_chunk_get_vector(chunk.get(), column), row));
            rows.push_back(std::move(texts));
        }
    }
    return rows;
}

/// The columns under the root, in their order.
Result<std::vector<FileColumn>> fileColumns(duckdb_connection connection, const std::string &path)
{
    const auto rows = textRows(connection, "SELECT name, coalesce(num_children, 0)::VARCHAR, "
                                           "coalesce(type, ''), coalesce(logical_type, '') FROM "
                                           "parquet_schema(" +
                                               quotedText(path) + ")");
    if (!rows)
        return fail(rows.error());
    std::vector<FileColumn> columns;
    std::int64_t nested = 0; // elements still to come below the last top-level one
    for (std::size_t i = 1; i < rows->size(); ++i) {
        const auto &row = (*rows)[i];
        const std::string &type = row[2];
        const std::string &logical = row[3];
        const bool isNanos = logical.find("NANOS=NanoSeconds") != std::string::npos;
        const bool isCut =
            type == "INT96" ||
            (isNanos && (logical.starts_with("Time(") || logical.starts_with("TimeType") ||
                         logical.find("isAdjustedToUTC=1") != std::string::npos));
        if (nested == 0)
            columns.push_back({.name = row[0], .isInt96 = type == "INT96", .isCut = isCut});
        else
            columns.back().isCut |= isCut;
        nested += std::stoll(row[1]) - (nested > 0 ? 1 : 0);
    }
    return columns;
}

bool holdsFloats(duckdb_logical_type type)
{
    const auto holds = [](duckdb_logical_type child) {
        const TypeHandle handle(child);
        return holdsFloats(handle.get());
    };
    switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
        return true;
    case DUCKDB_TYPE_LIST:
        return holds(duckdb_list_type_child_type(type));
    case DUCKDB_TYPE_ARRAY:
        return holds(duckdb_array_type_child_type(type));
    case DUCKDB_TYPE_MAP:
        return holds(duckdb_map_type_key_type(type)) || holds(duckdb_map_type_value_type(type));
    case DUCKDB_TYPE_STRUCT:
        for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
            if (holds(duckdb_struct_type_child_type(type, i)))
                return true;
        }
        return false;
    default:
        return false;
    }
}

class Planner
{
public:
    Planner(ParquetProjection &plan, bool flatten) : m_plan(plan), m_flatten(flatten) {}

    void add(duckdb_logical_type type, const std::string &name, const std::string &expression,
             bool isInt96)
    {
        switch (duckdb_get_type_id(type)) {
        case DUCKDB_TYPE_STRUCT:
            if (m_flatten && duckdb_struct_type_child_count(type) > 0)
                return addMembers(type, name, expression);
            [[fallthrough]];
        case DUCKDB_TYPE_LIST:
        case DUCKDB_TYPE_ARRAY:
        case DUCKDB_TYPE_MAP:
        case DUCKDB_TYPE_UNION:
            return put(name, castFor(type, expression),
                       holdsFloats(type) ? Kind::FloatJson : Kind::AsTheyAre);
        case DUCKDB_TYPE_TIMESTAMP_NS:
            return put(name, "epoch_ns(" + expression + ')', Kind::Nanoseconds);
        case DUCKDB_TYPE_TIME_TZ: // Parquet's times of day have no zone but UTC
            return put(name, "CAST(" + expression + " AS TIME)", Kind::AsTheyAre);
        default:
            break;
        }
        const bool isKnown = fromDuckdb(type).has_value();
        put(name, isKnown ? expression : castFor(type, expression),
            isInt96 ? Kind::Int96 : Kind::AsTheyAre);
    }

private:
    void addMembers(duckdb_logical_type type, const std::string &name,
                    const std::string &expression)
    {
        for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
            const TypeHandle member(duckdb_struct_type_child_type(type, i));
            const std::string memberName = takeText(duckdb_struct_type_child_name(type, i));
            add(member.get(), name + '.' + memberName,
                "struct_extract_at(" + expression + ", " + std::to_string(i + 1) + ')', false);
        }
    }

    void put(const std::string &name, std::string expression, Kind kind)
    {
        std::string unique = name;
        for (int copy = 2; !m_names.insert(unique).second; ++copy)
            unique = name + '#' + std::to_string(copy);
        m_plan.columns.push_back({std::move(unique), std::move(expression), kind});
    }

    ParquetProjection &m_plan;
    bool m_flatten;
    std::set<std::string> m_names;
};

} // namespace

Result<ParquetProjection> planParquetColumns(duckdb_connection connection, const std::string &path,
                                             bool flatten)
{
    StatementHandle statement;
    const std::string sql = "SELECT * FROM read_parquet(" + quotedText(path) + ")";
    if (duckdb_prepare(connection, sql.c_str(), statement.receive()) != DuckDBSuccess)
        return fail(duckdbError(duckdb_prepare_error(statement.get())));
    const auto own = fileColumns(connection, path);
    if (!own)
        return fail(own.error());

    ParquetProjection plan;
    Planner planner(plan, flatten);
    const idx_t count = duckdb_prepared_statement_column_count(statement.get());
    for (idx_t i = 0; i < count; ++i) {
        const TypeHandle type(duckdb_prepared_statement_column_logical_type(statement.get(), i));
        FileColumn column{.name =
                              takeText(duckdb_prepared_statement_column_name(statement.get(), i))};
        if (own->size() == count)
            column = (*own)[i];
        if (column.isCut)
            plan.notes.push_back("column \"" + column.name +
                                 "\": times are read to the microsecond, finer digits are cut");
        const std::string alias = 'c' + std::to_string(i);
        plan.aliases += (i != 0 ? ", " : "") + alias;
        planner.add(type.get(), column.name, alias, column.isInt96);
    }
    return plan;
}

std::string withQuotedFloats(std::string_view json)
{
    constexpr std::array<std::string_view, 3> kWords{"NaN", "Infinity", "-Infinity"};
    std::string quoted;
    bool isInText = false;
    while (!json.empty()) {
        std::size_t taken = 1;
        if (isInText) {
            taken = json.front() == '\\' ? 2 : 1;
            isInText = json.front() != '"';
        } else if (json.front() == '"') {
            isInText = true;
        } else {
            for (const std::string_view word : kWords) {
                if (json.starts_with(word)) {
                    quoted += '"';
                    quoted += word;
                    quoted += '"';
                    json.remove_prefix(word.size());
                    taken = 0;
                    break;
                }
            }
        }
        quoted += json.substr(0, taken);
        json.remove_prefix(std::min(taken, json.size()));
    }
    return quoted;
}

} // namespace freshet::query
