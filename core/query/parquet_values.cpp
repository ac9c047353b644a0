// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/parquet_values.h"

#include "columnar/time_text.h"

#include <array>

namespace freshet::query {

using columnar::Column;
using columnar::Field;
using columnar::LogicalType;
using columnar::TypeKind;

namespace {

constexpr std::int64_t kNanosPerMicro = 1'000;

bool fitsMicroseconds(const Column &column)
{
    for (std::int64_t row = 0; row < column.length; ++row) {
        if (!column.isNull(row) && column.valueAt<std::int64_t>(row) % kNanosPerMicro != 0)
            return false;
    }
    return true;
}

/// Give a column of text its bytes and offsets; `write` appends those of one row.
template <typename Write>
void fillTexts(Column &column, Write write)
{
    columnar::MutableBuffer texts;
    columnar::MutableBuffer offsets;
    for (std::int64_t row = 0; row <= column.length; ++row) {
        const auto end = static_cast<std::int32_t>(texts.size());
        offsets.append(&end, sizeof end);
        if (row < column.length && !column.isNull(row))
            write(texts, row);
    }
    column.offsets = offsets.finish();
    column.values = texts.finish();
}

void writeNanoseconds(columnar::MutableBuffer &texts, std::int64_t nanos)
{
    std::int64_t micros = nanos / kNanosPerMicro;
    std::int64_t rest = nanos % kNanosPerMicro;
    if (rest < 0) {
        --micros;
        rest += kNanosPerMicro;
    }
    std::array<char, 64> text{};
    char *at = columnar::writeTimestamp(text.data(), micros, kFreeMicros);
    for (const std::int64_t unit : {100, 10, 1})
        *at++ = static_cast<char>('0' + rest / unit % 10);
    texts.append(text.data(), static_cast<std::size_t>(at - text.data()));
}

/// Microseconds or, where one value is finer, text with nine digits.
void settleNanoseconds(Column &column, Field &field)
{
    const Column nanos = column;
    if (fitsMicroseconds(nanos)) {
        columnar::MutableBuffer micros;
        micros.resize(static_cast<std::size_t>(nanos.length) * sizeof(std::int64_t));
        for (std::int64_t row = 0; row < nanos.length; ++row)
            micros.as<std::int64_t>()[row] = nanos.valueAt<std::int64_t>(row) / kNanosPerMicro;
        column.values = micros.finish();
        field.type = LogicalType::timestamp(kFreeMicros);
    } else {
        fillTexts(column, [&](columnar::MutableBuffer &texts, std::int64_t row) {
            writeNanoseconds(texts, nanos.valueAt<std::int64_t>(row));
        });
        field.type = {.kind = TypeKind::String};
    }
    column.type = field.type;
}

Status checkInt96(const Column &column, const Field &field)
{
    constexpr std::int64_t kYear1 = -62'135'596'800'000'000;
    constexpr std::int64_t kYear10000 = 253'402'300'800'000'000;
    const auto *values = column.values.as<std::int64_t>();
    for (std::int64_t row = 0; row < column.length; ++row) {
        if (!column.isNull(row) && (values[row] < kYear1 || values[row] >= kYear10000))
            return fail(Error{.code = ErrorCode::Unsupported,
                              .detail = "an INT96 time outside of the years 1 to 9999, which the "
                                        "Parquet reader does not give exactly",
                              .column = field.name});
    }
    return {};
}

void quoteFloats(Column &column)
{
    const Column bare = column;
    fillTexts(column, [&](columnar::MutableBuffer &texts, std::int64_t row) {
        const std::string quoted = withQuotedFloats(bare.textAt(row));
        texts.append(quoted.data(), quoted.size());
    });
}

} // namespace

Status finishParquetColumn(Column &column, Field &field, ParquetColumn::Kind kind)
{
    switch (kind) {
    case ParquetColumn::Kind::AsTheyAre:
        break;
    case ParquetColumn::Kind::Nanoseconds:
        settleNanoseconds(column, field);
        break;
    case ParquetColumn::Kind::Int96:
        return checkInt96(column, field);
    case ParquetColumn::Kind::FloatJson:
        quoteFloats(column);
        break;
    }
    return {};
}

} // namespace freshet::query
