// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sample_batches.h"

#include "columnar/value_text.h"

#include <cstring>
#include <limits>
#include <random>

namespace freshet::test {

using columnar::Absence;
using columnar::Column;
using columnar::LogicalType;
using columnar::MutableBuffer;
using columnar::RecordBatch;
using columnar::Schema;
using columnar::SchemaPtr;
using columnar::TimeForm;
using columnar::TypeKind;
using store::DatasetSnapshot;

namespace {

__extension__ typedef __int128 Int128;
using Random = std::mt19937_64;

template <typename T>
void append(MutableBuffer &values, T value)
{
    values.append(&value, sizeof value);
}

std::int64_t drawnInteger(Random &random)
{
    switch (random() % 6) {
    case 0:
        return std::numeric_limits<std::int64_t>::min();
    case 1:
        return std::numeric_limits<std::int64_t>::max();
    case 2:
        return 0;
    default:
        return static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
    }
}

std::string drawnText(Random &random, TypeKind kind)
{
    if (kind == TypeKind::Json)
        return random() % 2 == 0 ? "[1, 2.50, \"x\"]" : "{\"a\": {\"b\": null}}";
    std::string text;
    if (kind == TypeKind::Binary) {
        for (auto size = random() % 20; size > 0; --size)
            text += static_cast<char>(random());
        return text;
    }
    const std::vector<std::string> words{"",     "Ada", "naïve",
                                         "数据", "🜂",   "a longer piece of text, "};
    for (auto size = random() % 4; size > 0; --size)
        text += words[random() % words.size()];
    return text;
}

double drawnDouble(Random &random)
{
    const std::vector<double> edges{0.0, -0.0, 5e-324, 1.7976931348623157e308, 0.1, -1.5, 1e21};
    return edges[random() % edges.size()];
}

void appendValue(MutableBuffer &values, LogicalType type, Random &random)
{
    constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
    switch (type.kind) {
    case TypeKind::Int64:
        return append(values, drawnInteger(random));
    case TypeKind::UInt64:
        return append(values, random());
    case TypeKind::Double:
        return append(values, drawnDouble(random));
    case TypeKind::Decimal: {
        Int128 unscaled = drawnInteger(random);
        if (type.precision > 18)
            unscaled = unscaled * 1'000'000'007;
        else
            unscaled %= 1'000'000'000'000'000'000;
        return append(values, unscaled);
    }
    case TypeKind::Date:
        return append(values, static_cast<std::int32_t>(random() % 60'000) - 30'000);
    case TypeKind::Time:
        return append(values,
                      static_cast<std::int64_t>(random() % kMicrosPerDay) / 1'000'000 * 1'000'000);
    default: {
        // Whole milliseconds, which every form with three digits or more can spell.
        const std::int64_t millis = static_cast<std::int64_t>(random() % 4'000'000'000'000);
        return append(values, (millis - 1'000'000'000'000) * 1'000);
    }
    }
}

void fillValues(Column &column, Random &random)
{
    MutableBuffer values;
    values.reserve(1);
    if (column.type.isText()) {
        MutableBuffer offsets;
        append(offsets, std::int32_t(0));
        for (std::int64_t row = 0; row < column.length; ++row) {
            const std::string text = drawnText(random, column.type.kind);
            if (!column.isNull(row))
                values.append(text.data(), text.size());
            append(offsets, static_cast<std::int32_t>(values.size()));
        }
        column.offsets = offsets.finish();
    } else if (column.type.kind == TypeKind::Bool) {
        values.resize(columnar::bitmapBytes(column.length));
        std::memset(values.data(), 0, values.size());
        for (std::int64_t row = 0; row < column.length; ++row) {
            if (random() % 2 == 0)
                columnar::setBit(values.data(), row);
        }
    } else {
        for (std::int64_t row = 0; row < column.length; ++row)
            appendValue(values, column.type, random);
    }
    column.values = values.finish();
}

Absence drawnAbsence(Gaps gaps, Random &random)
{
    const auto dice = random() % 10;
    switch (gaps) {
    case Gaps::None:
        return Absence::Present;
    case Gaps::Nulls:
        return dice < 3 ? Absence::Null : Absence::Present;
    case Gaps::Missing:
        return dice < 3 ? Absence::Missing : Absence::Present;
    case Gaps::Everything:
        return Absence::Missing;
    case Gaps::Mixed:
        break;
    }
    return dice < 2 ? Absence::Null : dice < 4 ? Absence::Missing : Absence::Present;
}

} // namespace

SchemaPtr everyTypeSchema()
{
    const auto form = [](char separator, int digits, TimeForm::Zone zone) {
        return TimeForm{separator, static_cast<std::uint8_t>(digits), zone};
    };
    LogicalType time{.kind = TypeKind::Time};
    time.form.fractionDigits = 0;
    auto schema = std::make_shared<Schema>();
    schema->fields = {
        {"nothing", {}},
        {"bool", {.kind = TypeKind::Bool}},
        {"int64", {.kind = TypeKind::Int64}},
        {"uint64", {.kind = TypeKind::UInt64}},
        {"double", {.kind = TypeKind::Double}},
        {"money", LogicalType::decimal(18, 2)},
        {"big decimal", LogicalType::decimal(38, 10)},
        {"date", {.kind = TypeKind::Date}},
        {"time", time},
        {"instant", LogicalType::timestamp(form('T', 3, TimeForm::Zone::Z))},
        {"instant with offset", LogicalType::timestamp(form(' ', 6, TimeForm::Zone::Offset))},
        {"local", LogicalType::timestamp(form(' ', 3, TimeForm::Zone::None))},
        {"string", {.kind = TypeKind::String}},
        {"binary", {.kind = TypeKind::Binary}},
        {"json", {.kind = TypeKind::Json}},
    };
    return schema;
}

Column sampleColumn(LogicalType type, std::int64_t rows, std::uint64_t seed, Gaps gaps)
{
    Random random(seed);
    Column column{.type = type, .length = rows};
    if (type.kind == TypeKind::Null)
        return columnar::absentColumn(type, rows,
                                      gaps == Gaps::Nulls ? Absence::Null : Absence::Missing);
    MutableBuffer validity;
    MutableBuffer missing;
    for (MutableBuffer *bits : {&validity, &missing}) {
        bits->resize(columnar::bitmapBytes(rows));
        if (bits->size() != 0)
            std::memset(bits->data(), 0, bits->size());
    }
    for (std::int64_t row = 0; row < rows; ++row) {
        const Absence absence = drawnAbsence(gaps, random);
        if (absence == Absence::Present) {
            columnar::setBit(validity.data(), row);
            continue;
        }
        ++column.nullCount;
        if (absence == Absence::Missing) {
            ++column.missingCount;
            columnar::setBit(missing.data(), row);
        }
    }
    if (column.nullCount != 0)
        column.validity = validity.finish();
    if (column.missingCount != 0)
        column.missing = missing.finish();
    fillValues(column, random);
    return column;
}

RecordBatch sampleBatch(const SchemaPtr &schema, std::int64_t rows, std::uint64_t seed, Gaps gaps)
{
    RecordBatch batch{.schema = schema, .rowCount = rows};
    for (const columnar::Field &field : schema->fields)
        batch.columns.push_back(sampleColumn(field.type, rows, ++seed * 7919, gaps));
    return batch;
}

RecordBatch countingBatch(std::int64_t first, std::int64_t rows)
{
    static const SchemaPtr schema =
        std::make_shared<Schema>(Schema{{columnar::Field{"n", {.kind = TypeKind::Int64}}}});
    MutableBuffer values;
    values.reserve(1);
    for (std::int64_t row = 0; row < rows; ++row)
        append(values, first + row);
    RecordBatch batch{.schema = schema, .rowCount = rows};
    batch.columns.push_back(
        {.type = schema->fields[0].type, .length = rows, .values = values.finish()});
    return batch;
}

std::vector<std::string> texts(const Column &column)
{
    std::vector<std::string> result;
    for (std::int64_t row = 0; row < column.length; ++row) {
        std::string text;
        switch (column.absence(row)) {
        case Absence::Null:
            text = "‹null›";
            break;
        case Absence::Missing:
            text = "‹missing›";
            break;
        case Absence::Present:
            columnar::appendText(text, column, row);
            break;
        }
        result.push_back(std::move(text));
    }
    return result;
}

std::vector<std::vector<std::string>> texts(const DatasetSnapshot &snapshot)
{
    std::vector<std::vector<std::string>> result(snapshot.schema()->fields.size());
    for (std::int64_t batch = 0; batch < snapshot.batchCount(); ++batch) {
        for (std::size_t column = 0; column < result.size(); ++column) {
            const auto read = snapshot.column(batch, static_cast<int>(column));
            const auto more =
                read ? texts(*read) : std::vector<std::string>{read.error().toString()};
            result[column].insert(result[column].end(), more.begin(), more.end());
        }
    }
    return result;
}

std::vector<std::vector<std::string>> scannedTexts(const DatasetSnapshot &snapshot)
{
    std::vector<std::vector<std::string>> result(snapshot.schema()->fields.size());
    const auto scan = snapshot.scan();
    for (;;) {
        const auto batch = scan->next();
        if (!batch)
            return {{batch.error().toString()}};
        if (!*batch)
            return result;
        for (std::size_t column = 0; column < result.size(); ++column) {
            const auto more = texts((*batch)->columns[column]);
            result[column].insert(result[column].end(), more.begin(), more.end());
        }
    }
}

} // namespace freshet::test
