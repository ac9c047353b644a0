// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_column.h"

#include <algorithm>
#include <span>

namespace freshet::transfer {

using columnar::Column;
using columnar::Field;
using columnar::MutableBuffer;

namespace {

Column constantText(std::string_view text, std::int64_t rows)
{
    MutableBuffer offsets;
    MutableBuffer values;
    offsets.reserve(static_cast<std::size_t>(rows + 1) * sizeof(std::int32_t));
    values.reserve(static_cast<std::size_t>(rows) * text.size());
    for (std::int64_t row = 0; row <= rows; ++row) {
        const auto end = static_cast<std::int32_t>(values.size());
        offsets.append(&end, sizeof end);
        if (row < rows)
            values.append(text.data(), text.size());
    }
    Column column{.type = {columnar::TypeKind::String}, .length = rows};
    column.offsets = offsets.finish();
    column.values = values.finish();
    return column;
}

} // namespace

columnar::RecordBatch FileColumn::addTo(columnar::RecordBatch batch, std::string_view file) const
{
    if (m_name.empty())
        return batch;
    auto schema = std::make_shared<columnar::Schema>();
    schema->fields.push_back({m_name, {columnar::TypeKind::String}});
    for (const Field &field : batch.schema->fields) {
        schema->fields.push_back(field);
        if (field.name == m_name)
            schema->fields.back().name = otherName();
    }
    batch.schema = std::move(schema);
    batch.columns.insert(batch.columns.begin(), constantText(file, batch.rowCount));
    return batch;
}

columnar::Schema FileColumn::without(const columnar::Schema &schema) const
{
    columnar::Schema own = schema;
    if (m_name.empty())
        return own;
    std::erase_if(own.fields, [this](const Field &field) { return field.name == m_name; });
    for (Field &field : own.fields) {
        if (field.name == otherName())
            field.name = m_name;
    }
    return own;
}

} // namespace freshet::transfer
