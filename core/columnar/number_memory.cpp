// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/batch_builder.h"

#include <charconv>
#include <limits>

namespace freshet::columnar {

namespace {

/// Reads `1,2,3;4,5,6;…`, a number at a time.
class MemoryReader
{
public:
    explicit MemoryReader(std::string_view text) : m_rest(text) {}

    template <typename Number>
    bool take(Number &number, char end)
    {
        const auto read = std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), number);
        const auto size = static_cast<std::size_t>(read.ptr - m_rest.data());
        if (read.ec != std::errc() || size == m_rest.size() || m_rest[size] != end)
            return false;
        m_rest.remove_prefix(size + 1);
        return true;
    }

private:
    std::string_view m_rest;
};

/// All that can have been, for a column of this type.
void assumeTheWorst(ColumnBuilder &column)
{
    column.sealed = {.magnitude = std::numeric_limits<std::uint64_t>::max(),
                     .hasNegative = true,
                     .digits = column.type.precision};
    column.track = {.fractionDigits = NumberTrack::kMixed,
                    .isPlainSpelled = column.type.scale == 0};
    if (column.type.kind == TypeKind::Null) {
        column.sealed = {};
        column.track = {};
    }
}

bool readMemory(MemoryReader &reader, ColumnBuilder &column)
{
    NumberTrack track;
    NumberRange range;
    int isPlain = 0;
    int hasNegative = 0;
    if (!reader.take(track.fractionDigits, ',') || !reader.take(isPlain, ',') ||
        !reader.take(range.magnitude, ',') || !reader.take(hasNegative, ',') ||
        !reader.take(range.digits, ';'))
        return false;
    track.isPlainSpelled = isPlain != 0;
    range.hasNegative = hasNegative != 0;
    column.track = track;
    column.sealed = range;
    return true;
}

} // namespace

void BatchBuilder::adopt(const Schema &schema, RowIndex firstRow, std::string_view numberMemory)
{
    m_firstRow = firstRow;
    MemoryReader reader(numberMemory);
    bool remembers = !numberMemory.empty();
    for (const Field &field : schema.fields) {
        ColumnBuilder &column = at(addColumn(field.name));
        column.type = field.type;
        remembers = remembers && readMemory(reader, column);
        if (!remembers)
            assumeTheWorst(column);
    }
    m_newColumns = 0;
    m_needsCare = false;
}

std::string BatchBuilder::numberMemory() const
{
    std::string text;
    for (ColumnId id = 0; id < columnCount(); ++id) {
        const ColumnBuilder &column = at(id);
        text += std::to_string(column.track.fractionDigits) + ',';
        text += std::to_string(int(column.track.isPlainSpelled)) + ',';
        text += std::to_string(column.sealed.magnitude) + ',';
        text += std::to_string(int(column.sealed.hasNegative)) + ',';
        text += std::to_string(column.sealed.digits) + ';';
    }
    return text;
}

} // namespace freshet::columnar
