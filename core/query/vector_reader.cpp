// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/vector_reader.h"

#include "query/duckdb_handles.h"

#include <cstring>
#include <limits>

namespace freshet::query {

using columnar::Column;
using columnar::LogicalType;
using columnar::TypeKind;

namespace {

using columnar::Int128;

bool isValid(const std::uint64_t *valid, idx_t row)
{
    return valid == nullptr || ((valid[row / 64] >> (row % 64)) & 1) != 0;
}

/// Grow to `bits` bits; new bytes are zero.
void growBitmap(columnar::MutableBuffer &bitmap, std::int64_t bits)
{
    const std::size_t before = bitmap.size();
    bitmap.resize(columnar::bitmapBytes(bits));
    if (bitmap.size() > before)
        std::memset(bitmap.data() + before, 0, bitmap.size() - before);
}

Int128 limitOf38Digits()
{
    Int128 limit = 1;
    for (int i = 0; i < 38; ++i)
        limit *= 10;
    return limit;
}

Int128 wide(const duckdb_hugeint &value)
{
    return (static_cast<Int128>(value.upper) << 64) | static_cast<Int128>(value.lower);
}

bool isTooWide(const duckdb_hugeint &value)
{
    static const Int128 limit = limitOf38Digits();
    return wide(value) >= limit || wide(value) <= -limit;
}

bool isTooWideUnsigned(const duckdb_uhugeint &value)
{
    // Past 38 digits or past the sign bit: both show as a negative or a too large number.
    return static_cast<std::int64_t>(value.upper) < 0 ||
           isTooWide({value.lower, static_cast<std::int64_t>(value.upper)});
}

bool isInfiniteDate(const std::int32_t &days)
{
    return days == std::numeric_limits<std::int32_t>::max() ||
           days == -std::numeric_limits<std::int32_t>::max();
}

bool isInfiniteTimestamp(const std::int64_t &value)
{
    return value == std::numeric_limits<std::int64_t>::max() ||
           value == -std::numeric_limits<std::int64_t>::max();
}

} // namespace

VectorReader::VectorReader(std::string name, LogicalType type)
    : m_name(std::move(name)), m_type(type)
{
    const std::int32_t zero = 0;
    if (m_type.isText())
        m_offsets.append(&zero, sizeof zero);
}

std::size_t VectorReader::textBytes(duckdb_vector vector, idx_t row)
{
    if (!isValid(duckdb_vector_get_validity(vector), row))
        return 0;
    return duckdb_string_t_length(
        static_cast<const duckdb_string_t *>(duckdb_vector_get_data(vector))[row]);
}

template <typename Value>
bool VectorReader::anyPresent(const void *values, const std::uint64_t *valid, idx_t first,
                              idx_t end, bool (*test)(const Value &)) const
{
    const auto *typed = static_cast<const Value *>(values);
    for (idx_t row = first; row < end; ++row) {
        if (isValid(valid, row) && test(typed[row]))
            return true;
    }
    return false;
}

template <typename From, typename To, typename Convert>
void VectorReader::appendConverted(const void *values, idx_t first, idx_t end, Convert convert)
{
    const auto *in = static_cast<const From *>(values);
    const std::size_t before = m_values.size();
    m_values.resize(before + (end - first) * sizeof(To));
    auto *out = reinterpret_cast<To *>(m_values.data() + before);
    for (idx_t row = first; row < end; ++row)
        *out++ = convert(in[row]);
}

void VectorReader::appendValidity(duckdb_vector vector, idx_t first, idx_t end)
{
    const std::uint64_t *valid = duckdb_vector_get_validity(vector);
    const auto rows = static_cast<std::int64_t>(end - first);
    growBitmap(m_validity, m_length + rows);
    for (idx_t row = first; row < end; ++row) {
        if (isValid(valid, row))
            columnar::setBit(m_validity.data(), m_length + static_cast<std::int64_t>(row - first));
        else
            ++m_nullCount;
    }
}

void VectorReader::appendBools(const bool *values, idx_t first, idx_t end)
{
    growBitmap(m_values, m_length + static_cast<std::int64_t>(end - first));
    for (idx_t row = first; row < end; ++row) {
        if (values[row])
            columnar::setBit(m_values.data(), m_length + static_cast<std::int64_t>(row - first));
    }
}

void VectorReader::appendTexts(const duckdb_string_t *values, const std::uint64_t *valid,
                               idx_t first, idx_t end)
{
    for (idx_t row = first; row < end; ++row) {
        if (isValid(valid, row)) {
            duckdb_string_t text = values[row];
            m_values.append(duckdb_string_t_data(&text), duckdb_string_t_length(text));
        }
        const auto offset = static_cast<std::int32_t>(m_values.size());
        m_offsets.append(&offset, sizeof offset);
    }
}

Status VectorReader::refuse(const char *what) const
{
    return fail(Error{.code = ErrorCode::SqlError,
                      .detail = "column \"" + m_name + "\" holds " + what + "; select CAST(\"" +
                                m_name + "\" AS VARCHAR) to see it as text",
                      .column = m_name});
}

Status VectorReader::append(duckdb_vector vector, duckdb_type vectorType, idx_t first, idx_t end)
{
    const void *values = duckdb_vector_get_data(vector);
    const std::uint64_t *valid = duckdb_vector_get_validity(vector);
    const auto toInt64 = [](auto value) {
        return static_cast<std::int64_t>(value);
    };
    const auto toInt128 = [](auto value) {
        return static_cast<Int128>(value);
    };
    const auto same = [](auto value) {
        return value;
    };

    switch (vectorType) {
    case DUCKDB_TYPE_SQLNULL:
        break;
    case DUCKDB_TYPE_BOOLEAN:
        appendBools(static_cast<const bool *>(values), first, end);
        break;
    case DUCKDB_TYPE_TINYINT:
        appendConverted<std::int8_t, std::int64_t>(values, first, end, toInt64);
        break;
    case DUCKDB_TYPE_SMALLINT:
        appendConverted<std::int16_t, std::int64_t>(values, first, end, toInt64);
        break;
    case DUCKDB_TYPE_INTEGER:
        appendConverted<std::int32_t, std::int64_t>(values, first, end, toInt64);
        break;
    case DUCKDB_TYPE_UTINYINT:
        appendConverted<std::uint8_t, std::int64_t>(values, first, end, toInt64);
        break;
    case DUCKDB_TYPE_USMALLINT:
        appendConverted<std::uint16_t, std::int64_t>(values, first, end, toInt64);
        break;
    case DUCKDB_TYPE_UINTEGER:
        appendConverted<std::uint32_t, std::int64_t>(values, first, end, toInt64);
        break;
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_TIME:
        appendConverted<std::int64_t, std::int64_t>(values, first, end, same);
        break;
    case DUCKDB_TYPE_FLOAT:
        appendConverted<float, double>(values, first, end,
                                       [](float value) { return static_cast<double>(value); });
        break;
    case DUCKDB_TYPE_DOUBLE:
        appendConverted<double, double>(values, first, end, same);
        break;
    case DUCKDB_TYPE_HUGEINT:
        if (anyPresent<duckdb_hugeint>(values, valid, first, end, isTooWide))
            return refuse("a number of more than 38 digits");
        appendConverted<duckdb_hugeint, Int128>(values, first, end, wide);
        break;
    case DUCKDB_TYPE_UHUGEINT:
        if (anyPresent<duckdb_uhugeint>(values, valid, first, end, isTooWideUnsigned))
            return refuse("a number of more than 38 digits");
        appendConverted<duckdb_hugeint, Int128>(values, first, end, wide);
        break;
    case DUCKDB_TYPE_DECIMAL: {
        const TypeHandle type(duckdb_vector_get_column_type(vector));
        switch (duckdb_decimal_internal_type(type.get())) {
        case DUCKDB_TYPE_SMALLINT:
            appendConverted<std::int16_t, Int128>(values, first, end, toInt128);
            break;
        case DUCKDB_TYPE_INTEGER:
            appendConverted<std::int32_t, Int128>(values, first, end, toInt128);
            break;
        case DUCKDB_TYPE_BIGINT:
            appendConverted<std::int64_t, Int128>(values, first, end, toInt128);
            break;
        default:
            appendConverted<duckdb_hugeint, Int128>(values, first, end, wide);
        }
        break;
    }
    case DUCKDB_TYPE_DATE:
        if (anyPresent<std::int32_t>(values, valid, first, end, isInfiniteDate))
            return refuse("an infinite date");
        appendConverted<std::int32_t, std::int32_t>(values, first, end, same);
        break;
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ: {
        if (anyPresent<std::int64_t>(values, valid, first, end, isInfiniteTimestamp))
            return refuse("an infinite timestamp");
        const std::int64_t unit = vectorType == DUCKDB_TYPE_TIMESTAMP_S    ? 1'000'000
                                  : vectorType == DUCKDB_TYPE_TIMESTAMP_MS ? 1'000
                                                                           : 1;
        // Absent rows may hold anything; unsigned arithmetic keeps them harmless.
        appendConverted<std::uint64_t, std::uint64_t>(
            values, first, end,
            [unit](std::uint64_t value) { return value * static_cast<std::uint64_t>(unit); });
        break;
    }
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_BLOB:
        appendTexts(static_cast<const duckdb_string_t *>(values), valid, first, end);
        break;
    default:
        return fail(ErrorCode::Internal, "column \"" + m_name + "\" has a type that was not cast");
    }
    appendValidity(vector, first, end);
    m_length += static_cast<std::int64_t>(end - first);
    return {};
}

Column VectorReader::finish()
{
    Column column{.type = m_type, .length = m_length, .nullCount = m_nullCount};
    if (m_type.kind == TypeKind::Null) {
        column.nullCount = m_length;
    } else {
        if (m_nullCount != 0)
            column.validity = m_validity.finish();
        m_values.reserve(1); // values are there, be they no bytes
        column.offsets = m_offsets.finish();
        column.values = m_values.finish();
    }
    *this = VectorReader(std::move(m_name), m_type);
    return column;
}

} // namespace freshet::query
