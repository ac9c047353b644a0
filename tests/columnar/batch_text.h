// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/batch_builder.h"
#include "columnar/value_text.h"

#include <QString>
#include <QStringList>

namespace freshet::test {

/// Columns drawn as text: cells between ` | `, `null` for null, `?` for missing. A text cell is in
/// quotes, so that the text "null" looks different.
inline QString cellText(const columnar::Column &column, std::int64_t row)
{
    switch (column.absence(row)) {
    case columnar::Absence::Null:
        return QStringLiteral("null");
    case columnar::Absence::Missing:
        return QStringLiteral("?");
    case columnar::Absence::Present:
        break;
    }
    std::string text;
    columnar::appendText(text, column, row);
    const QString shown = QString::fromStdString(text);
    return column.type.kind == columnar::TypeKind::String ? u'"' + shown + u'"' : shown;
}

inline QString columnText(const columnar::Column &column)
{
    QStringList cells;
    for (std::int64_t row = 0; row < column.length; ++row)
        cells += cellText(column, row);
    return cells.join(QStringLiteral(" | "));
}

inline QString typeName(const columnar::LogicalType &type)
{
    return QString::fromStdString(type.encode());
}

/// `name:type [cells]`, one column a line.
inline QString batchText(const columnar::RecordBatch &batch)
{
    QStringList lines;
    for (int i = 0; i < batch.schema->columnCount(); ++i) {
        const columnar::Field &field = batch.schema->fields[static_cast<std::size_t>(i)];
        lines += QStringLiteral("%1:%2 [%3]")
                     .arg(QString::fromStdString(field.name), typeName(field.type),
                          columnText(batch.columns[static_cast<std::size_t>(i)]));
    }
    return lines.join(u'\n');
}

/// Append a cell spelled as in JSON; `?` leaves it missing.
inline void appendJsonCell(columnar::BatchBuilder &builder, int id, const std::string &cell)
{
    if (cell == "?")
        return;
    if (cell == "null")
        builder.appendNull(id);
    else if (cell == "true" || cell == "false")
        builder.appendBool(id, cell == "true");
    else if (cell.front() == '"')
        builder.appendText(id, std::string_view(cell).substr(1, cell.size() - 2));
    else if (cell.front() == '{' || cell.front() == '[')
        builder.appendJson(id, cell);
    else
        builder.appendNumber(id, cell);
}

/// Append a cell as a CSV decoder does; `null` for a bare empty one, `?` leaves it missing.
inline void appendCsvCell(columnar::BatchBuilder &builder, int id, const std::string &cell)
{
    if (cell == "?")
        return;
    if (cell == "null")
        builder.appendNull(id);
    else
        builder.appendText(id, cell, columnar::TextInference::All);
}

inline std::vector<std::string> cellsOf(const QString &text)
{
    std::vector<std::string> cells;
    for (const QString &cell : text.split(QStringLiteral(" | ")))
        cells.push_back(cell.toStdString());
    return cells;
}

/// What must hold of every column, whatever it contains.
/// Output: what is wrong, or an empty string.
inline QString columnFault(const columnar::Column &column)
{
    std::int64_t nulls = 0;
    std::int64_t missing = 0;
    for (std::int64_t row = 0; row < column.length; ++row) {
        nulls += column.isNull(row) ? 1 : 0;
        missing += column.absence(row) == columnar::Absence::Missing ? 1 : 0;
    }
    if (nulls != column.nullCount || missing != column.missingCount)
        return QStringLiteral("counts %1 nulls, %2 missing; has %3, %4")
            .arg(column.nullCount)
            .arg(column.missingCount)
            .arg(nulls)
            .arg(missing);
    if (column.nullCount == 0 && column.validity)
        return QStringLiteral("validity without nulls");
    if ((column.missingCount == 0 || column.missingCount == column.nullCount) && column.missing)
        return QStringLiteral("a needless missing bitmap");
    if (column.type.kind == columnar::TypeKind::Null)
        return column.values || column.validity ? QStringLiteral("buffers without a type")
                                                : QString();
    if (!column.values)
        return QStringLiteral("no values");
    if (column.type.kind == columnar::TypeKind::Bool) {
        // What is written to disk is defined to its last bit.
        const auto bits = static_cast<std::int64_t>(column.values.size()) * 8;
        for (std::int64_t spare = column.length; spare < bits; ++spare) {
            if (columnar::bitAt(column.values.data(), spare))
                return QStringLiteral("a spare bit that is set");
        }
    }
    if (column.type.isText()) {
        const auto *bounds = column.offsets.as<std::int32_t>();
        if (column.offsets.size() != static_cast<std::size_t>(column.length + 1) * 4)
            return QStringLiteral("offsets of the wrong size");
        if (bounds[0] != 0 ||
            static_cast<std::size_t>(bounds[column.length]) != column.values.size())
            return QStringLiteral("offsets that do not span the values");
    }
    return {};
}

} // namespace freshet::test
