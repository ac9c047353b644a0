// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_digest.h"

#include "columnar/value_text.h"

#include <algorithm>

namespace freshet::transfer {

namespace {

/// Take in the values. Those of text columns lie together, whatever their offsets start at.
void append(transport::PrefixDigest &digest, const columnar::Column &column)
{
    if (column.length == 0 || !column.values)
        return;
    const char *const values = column.values.as<char>();
    if (column.type.isText()) {
        const auto *const bounds = column.offsets.as<std::int32_t>();
        digest.append(
            {values + bounds[0], static_cast<std::size_t>(bounds[column.length] - bounds[0])});
    } else if (column.type.kind == columnar::TypeKind::Bool) {
        // Where a batch ends must not matter to the bits.
        std::string bytes(static_cast<std::size_t>(column.length), '\0');
        for (std::int64_t row = 0; row < column.length; ++row)
            bytes[static_cast<std::size_t>(row)] = column.boolAt(row) ? 1 : 0;
        digest.append(bytes);
    } else {
        const auto width = static_cast<std::size_t>(columnar::valueWidth(column.type.kind));
        digest.append({values, static_cast<std::size_t>(column.length) * width});
    }
}

} // namespace

void PageDigest::add(const columnar::RecordBatch &batch)
{
    m_rows += batch.rowCount;
    m_columns.resize(std::max(m_columns.size(), batch.columns.size()));
    for (std::size_t i = 0; i < batch.columns.size(); ++i)
        append(m_columns[i], batch.columns[i]);
}

std::uint64_t PageDigest::take()
{
    if (m_rows == 0)
        return 0;
    transport::PrefixDigest whole;
    const auto add = [&whole](auto value) {
        whole.append({reinterpret_cast<const char *>(&value), sizeof value});
    };
    add(m_rows);
    for (const auto &column : m_columns) {
        add(column.length.value());
        add(column.crc);
    }
    m_columns.clear();
    m_rows = 0;
    return whole.crc == 0 ? 1 : whole.crc;
}

std::optional<std::string> lastValueOf(const columnar::RecordBatch &batch,
                                       const std::string &column)
{
    const auto index = batch.schema->indexOf(column);
    if (!index || batch.rowCount == 0)
        return std::nullopt;
    const columnar::Column &values = batch.columns[static_cast<std::size_t>(*index)];
    if (values.isNull(batch.rowCount - 1))
        return std::nullopt;
    std::string text;
    columnar::appendText(text, values, batch.rowCount - 1);
    return text;
}

} // namespace freshet::transfer
