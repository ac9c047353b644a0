// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/value_text.h"
#include "store/dataset.h"

#include <string>
#include <vector>

namespace freshet::test {

/// The table of a dataset as text, so that two can be compared value by value.
struct TableText
{
    std::string schema; ///< names and types
    /// Each row as `name=value|…`; a value that is null is `null`, one that is missing is not
    /// there, so that a column which appears later leaves the rows before it as they are.
    std::vector<std::string> rows;

    bool operator==(const TableText &) const = default;

    /// Whether the rows are the first rows of `whole`.
    [[nodiscard]] bool isStartOf(const TableText &whole) const
    {
        return rows.size() <= whole.rows.size() &&
               std::equal(rows.begin(), rows.end(), whole.rows.begin());
    }
};

namespace detail {

inline void appendRows(const columnar::RecordBatch &batch, TableText &table)
{
    for (std::int64_t row = 0; row < batch.rowCount; ++row) {
        std::string text;
        for (std::size_t i = 0; i < batch.columns.size(); ++i) {
            const columnar::Column &column = batch.columns[i];
            const columnar::Absence absence = column.absence(row);
            if (absence == columnar::Absence::Missing)
                continue;
            text += batch.schema->fields[i].name + '=';
            if (absence == columnar::Absence::Null)
                text += "null";
            else
                columnar::appendJson(text, column, row);
            text += '|';
        }
        table.rows.push_back(std::move(text));
    }
}

} // namespace detail

[[nodiscard]] inline Result<TableText> tableText(const store::DatasetSnapshot &snapshot)
{
    TableText table;
    for (const auto &field : snapshot.schema()->fields)
        table.schema += field.name + ':' + field.type.encode() + '|';
    const auto reader = snapshot.scan();
    while (true) {
        auto batch = reader->next();
        if (!batch)
            return fail(std::move(batch).error());
        if (!*batch)
            return table;
        detail::appendRows(**batch, table);
    }
}

} // namespace freshet::test
