// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/vector_writer.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace freshet::query {

using columnar::Column;
using columnar::TypeKind;

namespace {

constexpr std::size_t kInlineBytes = sizeof(duckdb_string_t::value.inlined.inlined);
constexpr std::size_t kPrefixBytes = sizeof(duckdb_string_t::value.pointer.prefix);

void writeValidity(duckdb_vector vector, const Column &column, std::int64_t first,
                   std::int64_t count)
{
    if (column.nullCount == 0)
        return;
    duckdb_vector_ensure_validity_writable(vector);
    auto *bits = reinterpret_cast<std::byte *>(duckdb_vector_get_validity(vector));
    const std::size_t bytes = columnar::bitmapBytes(count);
    if (column.validity)
        std::memcpy(bits, column.validity.data() + first / 8, bytes);
    else
        std::memset(bits, 0, bytes);
}

void writeFixed(duckdb_vector vector, const Column &column, std::int64_t first, std::int64_t count)
{
    const auto width = static_cast<std::size_t>(columnar::valueWidth(column.type.kind));
    std::memcpy(duckdb_vector_get_data(vector),
                column.values.data() + static_cast<std::size_t>(first) * width,
                static_cast<std::size_t>(count) * width);
}

void writeBools(duckdb_vector vector, const Column &column, std::int64_t first, std::int64_t count)
{
    auto *out = static_cast<bool *>(duckdb_vector_get_data(vector));
    for (std::int64_t i = 0; i < count; ++i)
        out[i] = column.boolAt(first + i);
}

/// Decimals of up to 18 digits are int64 in DuckDB and 16 bytes with us.
void writeShortDecimals(duckdb_vector vector, const Column &column, std::int64_t first,
                        std::int64_t count)
{
    auto *out = static_cast<std::int64_t *>(duckdb_vector_get_data(vector));
    const auto *in = column.values.as<std::int64_t>() + first * 2;
    for (std::int64_t i = 0; i < count; ++i)
        out[i] = in[i * 2];
}

void writeTexts(duckdb_vector vector, const Column &column, std::int64_t first, std::int64_t count)
{
    auto *out = static_cast<duckdb_string_t *>(duckdb_vector_get_data(vector));
    const auto *bounds = column.offsets.as<std::int32_t>() + first;
    const char *bytes = column.values.as<char>();
    for (std::int64_t i = 0; i < count; ++i) {
        const char *text = bytes + bounds[i];
        const auto length = static_cast<std::size_t>(bounds[i + 1] - bounds[i]);
        duckdb_string_t item = {};
        item.value.inlined.length = static_cast<std::uint32_t>(length);
        if (length <= kInlineBytes) {
            if (length != 0)
                std::memcpy(item.value.inlined.inlined, text, length);
        } else {
            std::memcpy(item.value.pointer.prefix, text, kPrefixBytes);
            item.value.pointer.ptr = const_cast<char *>(text);
        }
        out[i] = item;
    }
}

/// Rows that are all null still need defined texts: DuckDB may look at them.
void writeEmptyTexts(duckdb_vector vector, std::int64_t count)
{
    auto *out = static_cast<duckdb_string_t *>(duckdb_vector_get_data(vector));
    std::fill_n(out, count, duckdb_string_t{});
}

} // namespace

void writeVector(duckdb_vector vector, const Column &column, std::int64_t first, std::int64_t count)
{
    writeValidity(vector, column, first, count);
    switch (column.type.kind) {
    case TypeKind::Null:
        writeEmptyTexts(vector, count);
        break;
    case TypeKind::Bool:
        writeBools(vector, column, first, count);
        break;
    case TypeKind::Decimal:
        if (column.type.precision <= 18)
            writeShortDecimals(vector, column, first, count);
        else
            writeFixed(vector, column, first, count);
        break;
    case TypeKind::String:
    case TypeKind::Binary:
    case TypeKind::Json:
        writeTexts(vector, column, first, count);
        break;
    default:
        writeFixed(vector, column, first, count);
    }
}

void writeSequence(duckdb_vector vector, std::int64_t first, std::int64_t count)
{
    auto *out = static_cast<std::int64_t *>(duckdb_vector_get_data(vector));
    std::iota(out, out + count, first);
}

} // namespace freshet::query
