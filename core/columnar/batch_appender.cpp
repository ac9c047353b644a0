// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/batch_appender.h"

#include <algorithm>

namespace freshet::columnar {

namespace {

/// How many digits of a second's fraction a value of microseconds needs, in steps of three.
std::uint8_t digitsNeeded(std::int64_t micros)
{
    if (micros % 1'000 != 0)
        return 6;
    return micros % 1'000'000 != 0 ? 3 : 0;
}

/// The column's type; of times, with a free form that all of its values fit.
LogicalType typeFor(const Column &column)
{
    LogicalType type = column.type;
    if (!isTime(type.kind) || !type.form.isFree)
        return type;
    type.form.fractionDigits = 0;
    for (std::int64_t row = 0; row < column.length && type.form.fractionDigits < 6; ++row) {
        if (!column.isNull(row))
            type.form.fractionDigits =
                std::max(type.form.fractionDigits, digitsNeeded(column.valueAt<std::int64_t>(row)));
    }
    return type;
}

} // namespace

Status BatchAppender::declare(const Schema &schema)
{
    for (const Field &field : schema.fields) {
        LogicalType type = field.type;
        if (type.form.isFree)
            type.form.fractionDigits = 0;
        if (const auto id = m_builder.declareColumn(field.name, type); !id)
            return fail(id.error());
    }
    return {};
}

Status BatchAppender::begin(RecordBatch batch)
{
    m_batch = std::move(batch);
    m_row = 0;
    m_ids.clear();
    m_types.clear();
    for (std::size_t i = 0; i < m_batch.columns.size(); ++i) {
        m_types.push_back(typeFor(m_batch.columns[i]));
        const auto id = m_builder.declareColumn(m_batch.schema->fields[i].name, m_types.back());
        if (!id)
            return fail(id.error());
        m_ids.push_back(*id);
    }
    return {};
}

Result<bool> BatchAppender::append()
{
    for (; m_row < m_batch.rowCount && !m_builder.isFull(); ++m_row) {
        m_builder.beginRow();
        for (std::size_t column = 0; column < m_ids.size(); ++column)
            appendValue(column, m_row);
        if (Status ended = m_builder.endRow(); !ended)
            return fail(std::move(ended).error());
    }
    return m_row < m_batch.rowCount;
}

void BatchAppender::appendValue(std::size_t column, std::int64_t row)
{
    const Column &values = m_batch.columns[column];
    const BatchBuilder::ColumnId id = m_ids[column];
    const LogicalType type = m_types[column];
    switch (values.absence(row)) {
    case Absence::Missing:
        return;
    case Absence::Null:
        return m_builder.appendNull(id);
    case Absence::Present:
        break;
    }
    switch (type.kind) {
    case TypeKind::Null:
        break;
    case TypeKind::Bool:
        return m_builder.appendBool(id, values.boolAt(row));
    case TypeKind::Int64:
        return m_builder.appendInt64(id, values.valueAt<std::int64_t>(row));
    case TypeKind::UInt64:
        return m_builder.appendUInt64(id, values.valueAt<std::uint64_t>(row));
    case TypeKind::Double:
        return m_builder.appendDouble(id, values.valueAt<double>(row));
    case TypeKind::Decimal:
        return m_builder.appendDecimal(id, values.valueAt<Int128>(row), type.scale);
    case TypeKind::Date:
        return m_builder.appendDate(id, values.valueAt<std::int32_t>(row));
    case TypeKind::Time:
        return m_builder.appendTime(id, values.valueAt<std::int64_t>(row), type.form);
    case TypeKind::Timestamp:
        return m_builder.appendTimestamp(id, values.valueAt<std::int64_t>(row), type.form);
    case TypeKind::String:
        return m_builder.appendText(id, values.textAt(row), TextInference::Off);
    case TypeKind::Binary:
        return m_builder.appendBinary(id, values.textAt(row));
    case TypeKind::Json:
        return m_builder.appendJson(id, values.textAt(row));
    }
}

} // namespace freshet::columnar
