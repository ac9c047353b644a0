// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/column_builder.h"

#include "columnar/bitmap.h"
#include "columnar/number_text.h"

#include <algorithm>

namespace freshet::columnar {

namespace {

constexpr std::int64_t kFirstRows = 64;
constexpr std::size_t kFirstBytes = 1024;

/// Lengthen a bitmap to `rows` bits; the new whole bytes are `fill`.
void growBitmap(MutableBuffer &bits, std::int64_t rows, int fill)
{
    const std::size_t before = bits.size();
    bits.resize(bitmapBytes(rows));
    if (bits.size() > before)
        std::memset(bits.data() + before, fill, bits.size() - before);
}

/// Cut a bitmap kept ahead of the rows down to `rows` bits, the spare ones 0.
Buffer finishedBitmap(MutableBuffer &bits, std::int64_t rows)
{
    bits.setSize(bitmapBytes(rows));
    if ((rows & 7) != 0)
        bits.data()[rows >> 3] &= static_cast<std::byte>((1 << (rows & 7)) - 1);
    return bits.finish();
}

void noteInteger(NumberRange &range, std::int64_t value)
{
    const auto bits = static_cast<std::uint64_t>(value);
    range.hasNegative = range.hasNegative || value < 0;
    range.magnitude = std::max(range.magnitude, value < 0 ? 0 - bits : bits);
}

} // namespace

void ColumnBuilder::growRows(std::int64_t rows)
{
    std::int64_t room = std::max({rows, rowRoom * 2, rowHint, kFirstRows});
    if (rows <= kMaxBatchRows)
        room = std::min(room, std::max<std::int64_t>(kMaxBatchRows, kFirstRows));
    const auto slots = static_cast<std::size_t>(room);
    if (type.isText()) {
        const bool isFirst = offsets.data() == nullptr;
        offsets.setSize(isFirst ? 0 : static_cast<std::size_t>(length + 1) * sizeof(std::int32_t));
        offsets.reserve((slots + 1) * sizeof(std::int32_t));
        if (isFirst)
            offsets.as<std::int32_t>()[0] = 0;
        if (!values.data())
            values.reserve(std::max(byteHint, kFirstBytes));
    } else if (type.kind == TypeKind::Bool) {
        values.setSize(bitmapBytes(length));
        values.reserve(bitmapBytes(room));
    } else if (const auto width = static_cast<std::size_t>(valueWidth(type.kind)); width != 0) {
        values.setSize(static_cast<std::size_t>(length) * width);
        values.reserve(slots * width);
    }
    if (validity.data())
        growBitmap(validity, room, 0xff);
    if (missing.data())
        growBitmap(missing, room, 0);
    rowRoom = room;
}

void ColumnBuilder::growText(std::size_t bytes)
{
    const std::size_t needed = values.size() + bytes;
    const auto bound = static_cast<std::size_t>(kMaxColumnBytes.value());
    // Doubling stops at the bound of a batch, behind which only the row at hand may go.
    std::size_t room = std::max({needed, values.capacity() * 2, byteHint, kFirstBytes});
    if (needed <= bound)
        room = std::min(room, bound);
    values.reserve(room);
}

void ColumnBuilder::beginValidity()
{
    growBitmap(validity, rowRoom, 0xff);
    if (nullCount != 0) // all rows so far are absent
        fillBits(validity.data(), 0, length, false);
}

void ColumnBuilder::beginMissing()
{
    growBitmap(missing, rowRoom, 0);
    if (missingCount == 0)
        return;
    if (!validity.data()) {
        fillBits(missing.data(), 0, length, true);
        return;
    }
    for (std::int64_t row = 0; row < length; ++row)
        if (!bitAt(validity.data(), row))
            setBit(missing.data(), row);
}

/// The place of absent rows in the values: zeros, so that equal batches have equal bytes.
void ColumnBuilder::putBlanks(std::int64_t count)
{
    if (type.isText()) {
        auto *bounds = offsets.as<std::int32_t>() + length;
        std::fill_n(bounds + 1, count, bounds[0]);
    } else if (type.kind == TypeKind::Bool) {
        for (std::int64_t row = length; row < length + count; ++row) {
            if ((row & 7) == 0)
                values.data()[row >> 3] = std::byte{0};
            clearBit(values.data(), row);
        }
    } else if (const int width = valueWidth(type.kind); width != 0) {
        std::memset(values.data() + length * width, 0, static_cast<std::size_t>(count * width));
    }
}

void ColumnBuilder::putAbsent(std::int64_t count, Absence absence)
{
    if (length + count > rowRoom)
        growRows(length + count);
    if (type.kind != TypeKind::Null) {
        if (!validity.data())
            beginValidity();
        fillBits(validity.data(), length, count, false);
        putBlanks(count);
    }
    const bool isMissing = absence == Absence::Missing;
    const bool isUniform =
        nullCount == 0 || (isMissing ? missingCount == nullCount : missingCount == 0);
    if (!isUniform && !missing.data())
        beginMissing();
    if (missing.data() && isMissing)
        fillBits(missing.data(), length, count, true);
    nullCount += count;
    missingCount += isMissing ? count : 0;
    length += count;
}

void ColumnBuilder::popLast()
{
    --length;
    const bool wasNull =
        type.kind == TypeKind::Null || (validity.data() && !bitAt(validity.data(), length));
    if (wasNull) {
        --nullCount;
        if (validity.data())
            setBit(validity.data(), length);
    }
    if (type.isText())
        values.setSize(static_cast<std::size_t>(offsets.as<std::int32_t>()[length]));
}

NumberRange ColumnBuilder::range() const
{
    NumberRange range = sealed;
    const auto eachPresent = [this](const auto &note) {
        for (std::int64_t row = 0; row < length; ++row) // blanks are zeros and change nothing
            note(row);
    };
    switch (type.kind) {
    case TypeKind::Int64:
        eachPresent([&](std::int64_t row) { noteInteger(range, values.as<std::int64_t>()[row]); });
        break;
    case TypeKind::UInt64:
        eachPresent([&](std::int64_t row) {
            range.magnitude = std::max(range.magnitude, values.as<std::uint64_t>()[row]);
        });
        break;
    case TypeKind::Decimal: {
        UInt128 magnitude = 0;
        eachPresent([&](std::int64_t row) {
            const Int128 value = values.as<Int128>()[row];
            const auto bits = static_cast<UInt128>(value);
            magnitude = std::max(magnitude, value < 0 ? 0 - bits : bits);
        });
        range.digits = std::max(range.digits, digitCount(magnitude));
        break;
    }
    default:
        break;
    }
    return range;
}

std::size_t ColumnBuilder::memory() const
{
    const auto rows = static_cast<std::size_t>(length);
    const std::size_t bitmaps = (validity.data() ? rows / 8 : 0) + (missing.data() ? rows / 8 : 0);
    if (type.isText())
        return values.size() + rows * sizeof(std::int32_t) + bitmaps;
    if (type.kind == TypeKind::Bool)
        return rows / 8 + bitmaps;
    return rows * static_cast<std::size_t>(valueWidth(type.kind)) + bitmaps;
}

Column ColumnBuilder::take()
{
    sealed = range();
    rowHint = length;
    byteHint = values.size() + values.size() / 16;
    return release();
}

Column ColumnBuilder::release()
{
    const bool hasPresent = type.kind != TypeKind::Null;
    if (hasPresent && rowRoom == 0)
        growRows(0); // buffers are present even without rows
    Column column{
        .type = type, .length = length, .nullCount = nullCount, .missingCount = missingCount};
    if (type.isText()) {
        offsets.setSize(static_cast<std::size_t>(length + 1) * sizeof(std::int32_t));
        column.offsets = offsets.finish();
        column.values = values.finish();
    } else if (type.kind == TypeKind::Bool) {
        column.values = finishedBitmap(values, length);
    } else if (hasPresent) {
        values.setSize(static_cast<std::size_t>(length * valueWidth(type.kind)));
        column.values = values.finish();
    }
    if (nullCount != 0 && hasPresent)
        column.validity = finishedBitmap(validity, length);
    if (missingCount != 0 && missingCount != nullCount)
        column.missing = finishedBitmap(missing, length);
    values = {};
    offsets = {};
    validity = {};
    missing = {};
    length = rowRoom = nullCount = missingCount = 0;
    return column;
}

void ColumnBuilder::hold(const Column &column)
{
    type = column.type;
    values = {};
    offsets = {};
    validity = {};
    missing = {};
    length = rowRoom = nullCount = missingCount = 0;
    growRows(column.length + 1);
    const auto copy = [](MutableBuffer &to, const Buffer &from) {
        if (from.size() != 0)
            std::memcpy(to.data(), from.data(), from.size());
    };
    if (type.isText()) {
        growText(column.values.size());
        values.setSize(column.values.size());
        copy(offsets, column.offsets);
    }
    copy(values, column.values);
    if (column.validity) {
        growBitmap(validity, rowRoom, 0xff);
        copyBits(validity.data(), 0, column.validity.data(), 0, column.length);
        const auto bits = static_cast<std::int64_t>(validity.size()) * 8;
        fillBits(validity.data(), column.length, bits - column.length, true);
    }
    if (column.missing) {
        growBitmap(missing, rowRoom, 0);
        copyBits(missing.data(), 0, column.missing.data(), 0, column.length);
    }
    length = column.length;
    nullCount = column.nullCount;
    missingCount = column.missingCount;
}

} // namespace freshet::columnar
