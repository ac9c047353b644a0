// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/table_source.h"

#include "ui/column_maker.h"

#include <algorithm>
#include <array>

namespace freshet::test {

using columnar::Column;
using columnar::LogicalType;
using columnar::TypeKind;

TableSource::TableSource(columnar::SchemaPtr schema, std::int64_t rows, Maker maker,
                         std::shared_ptr<SourceProbe> probe, std::int64_t runRows)
    : m_schema(std::move(schema)),
      m_rows(rows),
      m_maker(std::move(maker)),
      m_probe(probe ? std::move(probe) : std::make_shared<SourceProbe>()),
      m_runRows(runRows)
{}

ui::RowRange TableSource::runAround(RowIndex row) const
{
    const std::int64_t first = row.value() / m_runRows * m_runRows;
    return {RowIndex(first), RowIndex(std::min(m_rows, first + m_runRows))};
}

ui::CellRun TableSource::make(RowIndex row, int column) const
{
    const ui::RowRange rows = runAround(row);
    return {rows.first, m_maker(column, rows.first.value(), rows.count().value())};
}

std::optional<ui::CellRun> TableSource::peek(RowIndex row, int column) const
{
    ++m_probe->peeks;
    if (m_probe->gate || m_probe->brokenColumn == column)
        return std::nullopt;
    return make(row, column);
}

Result<ui::CellRun> TableSource::load(RowIndex row, int column) const
{
    if (m_probe->gate)
        m_probe->gate->acquire();
    ++m_probe->loads;
    if (m_probe->brokenColumn == column)
        return fail(ErrorCode::LibraryDamaged, "made to fail");
    return make(row, column);
}

ui::GridSourcePtr tableOf(std::vector<std::pair<std::string, Column>> columns)
{
    auto schema = std::make_shared<columnar::Schema>();
    std::vector<Column> values;
    for (auto &[name, column] : columns) {
        schema->fields.push_back({name, column.type});
        values.push_back(std::move(column));
    }
    const std::int64_t rows = values.empty() ? 0 : values.front().length;
    return std::make_shared<TableSource>(
        schema, rows,
        [values](int column, std::int64_t first, std::int64_t count) {
            return columnar::sliceColumn(values[static_cast<std::size_t>(column)], first, count);
        },
        nullptr);
}

namespace {

constexpr std::array kNames{"Alice", "Grace", "Judy",    "Frank", "Bob",
                            "Ivan",  "Eve",   "Charlie", "Heidi", "Dana"};
constexpr std::array kCountries{"DE", "FR", "DE", "FR", "DE", "FR", "DE", "FR", "JP", "BR"};

Value noteAt(std::int64_t row)
{
    switch (row % 7) {
    case 0:
        return "met at the fair, wants the catalogue and a call next week about the two orders";
    case 1:
        return kNull;
    case 2:
        return kMissing;
    case 3:
        return "";
    case 4:
        return "first line\nsecond line\twith a tab";
    case 5:
        return "naïve café – 東京, Москва";
    default:
        return "short";
    }
}

Value userValue(int column, std::int64_t row)
{
    const auto pick = [row](const auto &words, std::int64_t step) {
        return std::string(words[static_cast<std::size_t>((row * step) % 10)]);
    };
    switch (column) {
    case 0:
        return std::to_string(9007199254741064 + row * 71);
    case 1:
        return pick(kNames, 1) + ' ' + pick(kNames, 3) + "son";
    case 2:
        return pick(kNames, 1) + std::to_string(7919 * (row + 1)) + "@example.com";
    case 3:
        return row % 11 == 9 ? kNull : Value(std::to_string((999661 + row * 337) % 1'000'000));
    case 4:
        return row % 3 == 2 ? "false" : "true";
    case 5:
        return std::to_string(1'770'774'067'000'000 + row * 2'509'261'000'000 / 1'000);
    case 6:
        return pick(kCountries, 1);
    case 7:
        return row % 4 == 3 ? Value("[]")
                            : Value("[\"vip\",\"batch-" + std::to_string(row) + "\"]");
    default:
        return noteAt(row);
    }
}

} // namespace

ui::GridSourcePtr usersTable(std::int64_t rows, std::shared_ptr<SourceProbe> probe)
{
    LogicalType time{TypeKind::Timestamp};
    time.form = {' ', 0, columnar::TimeForm::Zone::None};
    const auto schema = std::make_shared<columnar::Schema>(columnar::Schema{{
        {"id", {TypeKind::Int64}},
        {"name", {TypeKind::String}},
        {"email", {TypeKind::String}},
        {"balance", {TypeKind::Decimal, 18, 2, {}}},
        {"active", {TypeKind::Bool}},
        {"created_at", time},
        {"country", {TypeKind::String}},
        {"tags", {TypeKind::Json}},
        {"note", {TypeKind::String}},
    }});
    return std::make_shared<TableSource>(
        schema, rows,
        [schema](int column, std::int64_t first, std::int64_t count) {
            std::vector<Value> values;
            for (std::int64_t row = first; row < first + count; ++row)
                values.push_back(userValue(column, row));
            return makeColumn(schema->fields[static_cast<std::size_t>(column)].type, values);
        },
        std::move(probe), 500);
}

} // namespace freshet::test
