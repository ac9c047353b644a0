// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/column_maker.h"

#include <cstring>

namespace freshet::test {

namespace {

using columnar::Absence;
using columnar::Buffer;
using columnar::Column;
using columnar::TypeKind;
__extension__ using Wide = __int128;

Buffer bufferOf(const std::vector<std::byte> &bytes)
{
    return Buffer::copyOf(bytes);
}

Wide wideOf(const std::string &digits)
{
    Wide value = 0;
    for (const char digit : digits) {
        if (digit != '-')
            value = value * 10 + (digit - '0');
    }
    return digits.starts_with('-') ? -value : value;
}

void appendFixed(std::vector<std::byte> &bytes, TypeKind kind, const std::string &text)
{
    const auto append = [&](const auto value) {
        const std::size_t end = bytes.size();
        bytes.resize(end + sizeof(value));
        std::memcpy(bytes.data() + end, &value, sizeof(value));
    };
    const bool isPresent = !text.empty();
    if (kind == TypeKind::Double)
        append(isPresent ? std::stod(text) : 0.0);
    else if (kind == TypeKind::Decimal)
        append(wideOf(text));
    else if (kind == TypeKind::Date)
        append(static_cast<std::int32_t>(wideOf(text)));
    else
        append(static_cast<std::uint64_t>(wideOf(text)));
}

} // namespace

Column makeColumn(columnar::LogicalType type, const std::vector<Value> &values)
{
    Column column;
    column.type = type;
    column.length = std::ssize(values);
    std::vector<std::byte> validity(columnar::bitmapBytes(column.length));
    std::vector<std::byte> missing(validity.size());
    std::vector<std::byte> bits(validity.size());
    std::vector<std::byte> bytes;
    std::vector<std::int32_t> offsets{0};
    for (std::int64_t row = 0; row < column.length; ++row) {
        const Value &value = values[static_cast<std::size_t>(row)];
        if (value.absence == Absence::Present)
            columnar::setBit(validity.data(), row);
        else
            ++column.nullCount;
        if (value.absence == Absence::Missing) {
            columnar::setBit(missing.data(), row);
            ++column.missingCount;
        }
        if (type.isText()) {
            const auto *text = reinterpret_cast<const std::byte *>(value.text.data());
            bytes.insert(bytes.end(), text, text + value.text.size());
            offsets.push_back(static_cast<std::int32_t>(bytes.size()));
        } else if (type.kind == TypeKind::Bool && value.text == "true") {
            columnar::setBit(bits.data(), row);
        } else if (columnar::valueWidth(type.kind) > 0) {
            appendFixed(bytes, type.kind, value.text);
        }
    }
    if (column.nullCount > 0)
        column.validity = bufferOf(validity);
    if (column.missingCount > 0)
        column.missing = bufferOf(missing);
    // Offsets need values to point into, be they none.
    if (type.isText()) {
        column.offsets = Buffer::copyOf(std::as_bytes(std::span(offsets)));
        bytes.push_back({});
    }
    column.values = bufferOf(type.kind == TypeKind::Bool ? bits : bytes);
    return column;
}

} // namespace freshet::test
