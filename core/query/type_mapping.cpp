// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/type_mapping.h"

#include <algorithm>
#include <set>

namespace freshet::query {

using columnar::LogicalType;
using columnar::TimeForm;
using columnar::TypeKind;

namespace {

/// The spelling of computed times: every digit that DuckDB may have put there.
LogicalType computedTime(TypeKind kind, int digits, TimeForm::Zone zone)
{
    LogicalType type;
    type.kind = kind;
    type.form.fractionDigits = static_cast<std::uint8_t>(digits);
    type.form.zone = zone;
    return type;
}

duckdb_type duckdbTypeId(LogicalType type)
{
    switch (type.kind) {
    case TypeKind::Bool:
        return DUCKDB_TYPE_BOOLEAN;
    case TypeKind::Int64:
        return DUCKDB_TYPE_BIGINT;
    case TypeKind::UInt64:
        return DUCKDB_TYPE_UBIGINT;
    case TypeKind::Double:
        return DUCKDB_TYPE_DOUBLE;
    case TypeKind::Decimal:
        return DUCKDB_TYPE_DECIMAL;
    case TypeKind::Date:
        return DUCKDB_TYPE_DATE;
    case TypeKind::Time:
        return DUCKDB_TYPE_TIME;
    case TypeKind::Timestamp:
        return type.form.zone == TimeForm::Zone::None ? DUCKDB_TYPE_TIMESTAMP
                                                      : DUCKDB_TYPE_TIMESTAMP_TZ;
    case TypeKind::Binary:
        return DUCKDB_TYPE_BLOB;
    case TypeKind::Null:
    case TypeKind::String:
    case TypeKind::Json:
        break;
    }
    return DUCKDB_TYPE_VARCHAR;
}

bool isJson(duckdb_logical_type type)
{
    return takeText(duckdb_logical_type_get_alias(type)) == "JSON";
}

} // namespace

TypeHandle toDuckdb(LogicalType type)
{
    if (type.kind == TypeKind::Decimal)
        return TypeHandle(duckdb_create_decimal_type(type.precision, type.scale));
    TypeHandle handle(duckdb_create_logical_type(duckdbTypeId(type)));
    if (type.kind == TypeKind::Json)
        duckdb_logical_type_set_alias(handle.get(), "JSON");
    return handle;
}

std::optional<LogicalType> fromDuckdb(duckdb_logical_type type)
{
    switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_SQLNULL:
        return LogicalType{};
    case DUCKDB_TYPE_BOOLEAN:
        return LogicalType{.kind = TypeKind::Bool};
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
        return LogicalType{.kind = TypeKind::Int64};
    case DUCKDB_TYPE_UBIGINT:
        return LogicalType{.kind = TypeKind::UInt64};
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
        return LogicalType{.kind = TypeKind::Double};
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_UHUGEINT:
        return LogicalType::decimal(38, 0);
    case DUCKDB_TYPE_DECIMAL:
        return LogicalType::decimal(duckdb_decimal_width(type) <= 18 ? 18 : 38,
                                    duckdb_decimal_scale(type));
    case DUCKDB_TYPE_DATE:
        return LogicalType{.kind = TypeKind::Date};
    case DUCKDB_TYPE_TIME:
        return computedTime(TypeKind::Time, 6, TimeForm::Zone::None);
    case DUCKDB_TYPE_TIMESTAMP_S:
        return computedTime(TypeKind::Timestamp, 0, TimeForm::Zone::None);
    case DUCKDB_TYPE_TIMESTAMP_MS:
        return computedTime(TypeKind::Timestamp, 3, TimeForm::Zone::None);
    case DUCKDB_TYPE_TIMESTAMP:
        return computedTime(TypeKind::Timestamp, 6, TimeForm::Zone::None);
    case DUCKDB_TYPE_TIMESTAMP_TZ:
        return computedTime(TypeKind::Timestamp, 6, TimeForm::Zone::Z);
    case DUCKDB_TYPE_VARCHAR:
        return LogicalType{.kind = isJson(type) ? TypeKind::Json : TypeKind::String};
    case DUCKDB_TYPE_BLOB:
        return LogicalType{.kind = TypeKind::Binary};
    default:
        return std::nullopt;
    }
}

std::string castFor(duckdb_logical_type type, const std::string &expression)
{
    switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_ARRAY:
    case DUCKDB_TYPE_STRUCT:
    case DUCKDB_TYPE_MAP:
    case DUCKDB_TYPE_UNION:
        return "to_json(" + expression + ")";
    default:
        return "CAST(" + expression + " AS VARCHAR)";
    }
}

std::string foldedName(std::string_view name)
{
    std::string folded(name);
    for (char &c : folded) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + ('a' - 'A'));
    }
    return folded;
}

std::vector<std::string> sqlColumnNames(const columnar::Schema &schema)
{
    // Names that need no change keep it, whatever comes before them.
    std::set<std::string> taken;
    for (const columnar::Field &field : schema.fields)
        taken.insert(foldedName(field.name));

    std::set<std::string> used;
    std::vector<std::string> names;
    for (const columnar::Field &field : schema.fields) {
        // The C API ends a name at a zero byte.
        std::string name = field.name;
        std::replace(name.begin(), name.end(), '\0', '_');
        if (name.empty())
            name = "column";
        std::string candidate = name;
        const bool isItself = candidate == field.name && !used.contains(foldedName(candidate));
        for (int n = 1; !isItself && (taken.contains(foldedName(candidate)) ||
                                      used.contains(foldedName(candidate)));
             ++n)
            candidate = name + "_" + std::to_string(n);
        used.insert(foldedName(candidate));
        names.push_back(std::move(candidate));
    }
    return names;
}

} // namespace freshet::query
