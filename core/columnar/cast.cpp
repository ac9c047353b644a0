// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/bitmap.h"
#include "columnar/number_text.h"
#include "columnar/value_text.h"

#include <array>
#include <cmath>
#include <unordered_map>

namespace freshet::columnar {

namespace {

constexpr std::int64_t kExactInDouble = std::int64_t{1} << 53;

/// A column of the type `to` with the same rows absent, to be filled with values.
Column shellOf(const Column &from, LogicalType to)
{
    return {.type = to,
            .length = from.length,
            .nullCount = from.nullCount,
            .missingCount = from.missingCount,
            .validity = from.validity,
            .missing = from.missing};
}

tl::unexpected<Error> notExact(const Column &column, std::int64_t row, LogicalType to)
{
    Error error{.code = ErrorCode::Internal};
    appendText(error.excerpt, column, row);
    error.detail = "a value of type " + column.type.name() + " has no exact " + to.name();
    return fail(std::move(error));
}

template <typename To, typename Convert>
Result<Column> castFixed(const Column &column, LogicalType to, const Convert &convert)
{
    MutableBuffer values;
    values.resize(static_cast<std::size_t>(column.length) * sizeof(To));
    for (std::int64_t row = 0; row < column.length; ++row) {
        To value{};
        if (!column.isNull(row)) {
            const std::optional<To> converted = convert(row);
            if (!converted)
                return notExact(column, row, to);
            value = *converted;
        }
        std::memcpy(values.data() + static_cast<std::size_t>(row) * sizeof(To), &value, sizeof(To));
    }
    Column cast = shellOf(column, to);
    values.reserve(1);
    cast.values = values.finish();
    return cast;
}

Result<Column> castToText(const Column &column, LogicalType to)
{
    MutableBuffer offsets;
    offsets.resize(static_cast<std::size_t>(column.length + 1) * sizeof(std::int32_t));
    auto *bounds = offsets.as<std::int32_t>();
    MutableBuffer values;
    values.reserve(1);
    std::string text;
    bounds[0] = 0;
    for (std::int64_t row = 0; row < column.length; ++row) {
        if (!column.isNull(row)) {
            text.clear();
            if (to.kind == TypeKind::Json)
                appendJson(text, column, row);
            else
                appendText(text, column, row);
            if (values.size() + text.size() > INT32_MAX)
                return fail(ErrorCode::LimitReached, "the text of one batch passes 2 GiB");
            values.append(text.data(), text.size());
        }
        bounds[row + 1] = static_cast<std::int32_t>(values.size());
    }
    Column cast = shellOf(column, to);
    cast.offsets = offsets.finish();
    cast.values = values.finish();
    return cast;
}

std::optional<double> asDouble(std::int64_t value)
{
    if (value > kExactInDouble || value < -kExactInDouble)
        return std::nullopt;
    return static_cast<double>(value);
}

std::optional<double> asDouble(std::uint64_t value)
{
    if (value > static_cast<std::uint64_t>(kExactInDouble))
        return std::nullopt;
    return static_cast<double>(value);
}

std::optional<Int128> rescaled(Int128 value, int shift)
{
    const UInt128 magnitude =
        value < 0 ? 0 - static_cast<UInt128>(value) : static_cast<UInt128>(value);
    if (shift < 0 || digitCount(magnitude) + shift > kMaxDecimalDigits)
        return std::nullopt;
    return value * static_cast<Int128>(powerOfTen(shift));
}

std::optional<Int128> decimalOf(double value, int scale)
{
    if (!std::isfinite(value) || (value == 0 && std::signbit(value)))
        return std::nullopt;
    return shortestDecimal(value).unscaled(scale);
}

Result<Column> castToUInt64(const Column &column, LogicalType to)
{
    return castFixed<std::uint64_t>(column, to,
                                    [&](std::int64_t row) -> std::optional<std::uint64_t> {
                                        const auto value = column.valueAt<std::int64_t>(row);
                                        if (value < 0)
                                            return std::nullopt;
                                        return static_cast<std::uint64_t>(value);
                                    });
}

Result<Column> castToDouble(const Column &column, LogicalType to)
{
    return castFixed<double>(column, to, [&](std::int64_t row) {
        return column.type.kind == TypeKind::Int64 ? asDouble(column.valueAt<std::int64_t>(row))
                                                   : asDouble(column.valueAt<std::uint64_t>(row));
    });
}

Result<Column> castToDecimal(const Column &column, LogicalType to)
{
    const Int128 bound = static_cast<Int128>(powerOfTen(to.precision));
    return castFixed<Int128>(column, to, [&](std::int64_t row) {
        std::optional<Int128> value;
        switch (column.type.kind) {
        case TypeKind::Int64:
            value = rescaled(column.valueAt<std::int64_t>(row), to.scale);
            break;
        case TypeKind::UInt64:
            value = rescaled(column.valueAt<std::uint64_t>(row), to.scale);
            break;
        case TypeKind::Double:
            value = decimalOf(column.valueAt<double>(row), to.scale);
            break;
        default:
            value = rescaled(decimalAt(column, row), to.scale - column.type.scale);
            break;
        }
        if (value && (*value >= bound || *value <= -bound))
            value.reset();
        return value;
    });
}

bool isWidening(LogicalType from, LogicalType to)
{
    if (to.kind == TypeKind::String)
        return from.kind != TypeKind::Json;
    if (to.kind == TypeKind::Json)
        return true;
    if (!from.isNumber() || !to.isNumber())
        return false;
    if (to.kind == TypeKind::Decimal)
        return from.kind != TypeKind::Decimal || to.scale >= from.scale;
    if (to.kind == TypeKind::Double)
        return from.kind != TypeKind::Decimal;
    return from.kind == TypeKind::Int64 && to.kind == TypeKind::UInt64;
}

/// Doubles spelled in another way, and times whose form gives way.
bool isOnlySpelling(LogicalType from, LogicalType to)
{
    if (from.kind != to.kind)
        return false;
    return from.kind == TypeKind::Double ||
           (isTime(from.kind) && commonForm(from.form, to.form) == to.form);
}

Column castFromNull(const Column &column, LogicalType to)
{
    Column cast = absentColumn(to, column.length, Absence::Null);
    cast.missingCount = column.missingCount;
    cast.missing = column.missing;
    return cast;
}

} // namespace

Result<Column> castColumn(const Column &column, LogicalType to)
{
    if (column.type == to)
        return column;
    if (isOnlySpelling(column.type, to)) {
        Column cast = column;
        cast.type = to;
        return cast;
    }
    if (column.type.kind == TypeKind::Null)
        return castFromNull(column, to);
    if (!isWidening(column.type, to))
        return fail(ErrorCode::Unsupported,
                    "a column of type " + column.type.name() + " cannot be taken as " + to.name());
    if (to.isText())
        return castToText(column, to);
    if (to.kind == TypeKind::Decimal)
        return castToDecimal(column, to);
    if (to.kind == TypeKind::UInt64)
        return castToUInt64(column, to);
    return castToDouble(column, to);
}

SchemaPtr unifySchemas(const SchemaPtr &a, const SchemaPtr &b)
{
    if (!a || a == b || (b && *a == *b))
        return b;
    if (!b)
        return a;
    auto unified = std::make_shared<Schema>(*a);
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < a->fields.size(); ++i)
        places.emplace(a->fields[i].name, i);
    for (const Field &field : b->fields) {
        const auto place = places.find(field.name);
        if (place == places.end()) {
            unified->fields.push_back(field);
        } else {
            LogicalType &type = unified->fields[place->second].type;
            // The later spelling of doubles was chosen knowing the earlier values.
            const bool areDoubles =
                type.kind == TypeKind::Double && field.type.kind == TypeKind::Double;
            type = areDoubles ? field.type : widened(type, field.type, true);
        }
    }
    return unified;
}

Result<RecordBatch> conform(const RecordBatch &batch, const SchemaPtr &schema)
{
    RecordBatch conformed{.schema = schema, .rowCount = batch.rowCount};
    if (batch.schema == schema || *batch.schema == *schema) {
        conformed.columns = batch.columns;
        return conformed;
    }
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < batch.schema->fields.size(); ++i)
        places.emplace(batch.schema->fields[i].name, i);
    conformed.columns.reserve(schema->fields.size());
    for (const Field &field : schema->fields) {
        const auto place = places.find(field.name);
        if (place == places.end()) {
            conformed.columns.push_back(absentColumn(field.type, batch.rowCount, Absence::Missing));
            continue;
        }
        Result<Column> cast = castColumn(batch.columns[place->second], field.type);
        if (!cast) {
            Error error = std::move(cast).error();
            error.column = field.name;
            return fail(std::move(error));
        }
        conformed.columns.push_back(*std::move(cast));
    }
    return conformed;
}

} // namespace freshet::columnar
