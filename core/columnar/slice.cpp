// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/bitmap.h"
#include "columnar/record_batch.h"

#include <algorithm>

namespace freshet::columnar {

namespace {

Buffer slicedBitmap(const Buffer &bits, std::int64_t first, std::int64_t count)
{
    MutableBuffer copy = filledBitmap(count, false);
    copyBits(copy.data(), 0, bits.data(), first, count);
    if ((count & 7) != 0) // spare bits are 0
        copy.data()[count / 8] &= static_cast<std::byte>((1 << (count & 7)) - 1);
    return copy.finish();
}

/// Count and copy what is absent in rows [first, first + count) of `from`.
void sliceAbsence(Column &to, const Column &from, std::int64_t first, std::int64_t count)
{
    if (from.nullCount == 0)
        return;
    to.nullCount = from.validity ? count - countBits(from.validity.data(), first, count) : count;
    if (to.nullCount == 0)
        return;
    if (from.validity)
        to.validity = slicedBitmap(from.validity, first, count);
    if (from.missingCount == from.nullCount) {
        to.missingCount = to.nullCount;
    } else if (from.missingCount != 0) {
        to.missingCount = countBits(from.missing.data(), first, count);
        if (to.missingCount != 0 && to.missingCount != to.nullCount)
            to.missing = slicedBitmap(from.missing, first, count);
    }
}

void sliceText(Column &to, const Column &from, std::int64_t first, std::int64_t count)
{
    const auto *bounds = from.offsets.as<std::int32_t>() + first;
    MutableBuffer offsets;
    offsets.resize(static_cast<std::size_t>(count + 1) * sizeof(std::int32_t));
    for (std::int64_t i = 0; i <= count; ++i)
        offsets.as<std::int32_t>()[i] = bounds[i] - bounds[0];
    to.offsets = offsets.finish();
    to.values = from.values.slice(static_cast<std::size_t>(bounds[0]),
                                  static_cast<std::size_t>(bounds[count] - bounds[0]));
}

/// Joins the pieces of one column.
class ColumnJoin
{
public:
    ColumnJoin(LogicalType type, std::int64_t length)
    {
        m_joined.type = type;
        m_joined.length = length;
    }

    void add(const Column &piece)
    {
        addAbsence(piece);
        if (piece.type.isText())
            addText(piece);
        else if (piece.type.kind == TypeKind::Bool)
            addBits(piece);
        else if (const int width = valueWidth(piece.type.kind); width != 0)
            m_values.append(piece.values.data(), static_cast<std::size_t>(piece.length * width));
        m_row += piece.length;
    }

    Column finish()
    {
        const TypeKind kind = m_joined.type.kind;
        if (kind != TypeKind::Null) {
            m_values.reserve(1); // present even when empty
            m_joined.values = m_values.finish();
        }
        if (m_joined.type.isText()) {
            if (m_row == 0)
                beginOffsets();
            m_joined.offsets = m_offsets.finish();
        }
        if (m_joined.nullCount != 0 && kind != TypeKind::Null)
            m_joined.validity = m_validity.finish();
        if (m_joined.missingCount != 0 && m_joined.missingCount != m_joined.nullCount)
            m_joined.missing = m_missing.finish();
        return std::move(m_joined);
    }

private:
    void addAbsence(const Column &piece)
    {
        if (piece.nullCount == 0)
            return;
        if (!m_validity.data()) {
            m_validity = filledBitmap(m_joined.length, true);
            m_missing = filledBitmap(m_joined.length, false);
        }
        for (std::int64_t row = 0; row < piece.length; ++row) {
            const Absence absence = piece.absence(row);
            if (absence == Absence::Present)
                continue;
            clearBit(m_validity.data(), m_row + row);
            if (absence == Absence::Missing)
                setBit(m_missing.data(), m_row + row);
        }
        m_joined.nullCount += piece.nullCount;
        m_joined.missingCount += piece.missingCount;
    }

    void addBits(const Column &piece)
    {
        if (!m_values.data()) // spare bits are 0
            m_values = filledBitmap(m_joined.length, false);
        copyBits(m_values.data(), m_row, piece.values.data(), 0, piece.length);
    }

    void beginOffsets()
    {
        const std::int32_t zero = 0;
        m_offsets.append(&zero, sizeof zero);
    }

    void addText(const Column &piece)
    {
        if (m_offsets.size() == 0)
            beginOffsets();
        const auto *bounds = piece.offsets.as<std::int32_t>();
        const auto shift = static_cast<std::int32_t>(m_values.size()) - bounds[0];
        for (std::int64_t row = 1; row <= piece.length; ++row) {
            const std::int32_t bound = bounds[row] + shift;
            m_offsets.append(&bound, sizeof bound);
        }
        m_values.append(piece.values.data() + bounds[0],
                        static_cast<std::size_t>(bounds[piece.length] - bounds[0]));
    }

    Column m_joined;
    std::int64_t m_row = 0;
    MutableBuffer m_validity;
    MutableBuffer m_missing;
    MutableBuffer m_offsets;
    MutableBuffer m_values;
};

} // namespace

ByteCount RecordBatch::memory() const
{
    ByteCount total;
    for (const Column &column : columns)
        total += column.memory();
    return total;
}

Column absentColumn(LogicalType type, std::int64_t length, Absence absence)
{
    Column column{.type = type, .length = length, .nullCount = length};
    if (absence == Absence::Missing)
        column.missingCount = length;
    if (type.kind == TypeKind::Null)
        return column;

    const auto zeros = [](std::size_t bytes) {
        return filledBitmap(static_cast<std::int64_t>(bytes) * 8, false).finish();
    };
    const auto rows = static_cast<std::size_t>(length);
    if (length != 0)
        column.validity = zeros(bitmapBytes(length));
    if (type.isText()) {
        column.offsets = zeros((rows + 1) * sizeof(std::int32_t));
        column.values = zeros(0);
    } else if (type.kind == TypeKind::Bool) {
        column.values = zeros(bitmapBytes(length));
    } else {
        column.values = zeros(rows * static_cast<std::size_t>(valueWidth(type.kind)));
    }
    return column;
}

Column sliceColumn(const Column &column, std::int64_t first, std::int64_t count)
{
    Column slice{.type = column.type, .length = count};
    sliceAbsence(slice, column, first, count);
    if (column.type.isText()) {
        sliceText(slice, column, first, count);
    } else if (column.type.kind == TypeKind::Bool) {
        slice.values = slicedBitmap(column.values, first, count);
    } else if (const int width = valueWidth(column.type.kind); width != 0) {
        slice.values = column.values.slice(static_cast<std::size_t>(first * width),
                                           static_cast<std::size_t>(count * width));
    }
    return slice;
}

RecordBatch sliceBatch(const RecordBatch &batch, std::int64_t first, std::int64_t count)
{
    RecordBatch slice{.schema = batch.schema, .rowCount = count};
    slice.columns.reserve(batch.columns.size());
    for (const Column &column : batch.columns)
        slice.columns.push_back(sliceColumn(column, first, count));
    return slice;
}

RecordBatch concatenate(std::span<const RecordBatch> batches)
{
    RecordBatch joined;
    if (batches.empty())
        return joined;
    joined.schema = batches.front().schema;
    for (const RecordBatch &batch : batches)
        joined.rowCount += batch.rowCount;
    const std::size_t columns = batches.front().columns.size();
    for (std::size_t i = 0; i < columns; ++i) {
        ColumnJoin join(batches.front().columns[i].type, joined.rowCount);
        for (const RecordBatch &batch : batches)
            join.add(batch.columns[i]);
        joined.columns.push_back(join.finish());
    }
    return joined;
}

} // namespace freshet::columnar
