// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/display_cell.h"

#include "columnar/value_text.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace freshet::ui {

namespace {

using columnar::Column;
using columnar::TypeKind;

CellLook lookOf(TypeKind kind)
{
    switch (kind) {
    case TypeKind::Bool:
        return CellLook::Bool;
    case TypeKind::Int64:
    case TypeKind::UInt64:
    case TypeKind::Double:
    case TypeKind::Decimal:
        return CellLook::Number;
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::Timestamp:
        return CellLook::Time;
    case TypeKind::Json:
        return CellLook::Json;
    case TypeKind::Binary:
        return CellLook::Binary;
    case TypeKind::Null:
    case TypeKind::String:
        break;
    }
    return CellLook::Text;
}

// At most `size` bytes of `text`, ending between two characters.
std::string_view headOf(std::string_view text, std::size_t size)
{
    if (text.size() <= size)
        return text;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0u) == 0x80u)
        --size;
    return text.substr(0, size);
}

void setText(DisplayCell &cell, std::string_view bytes)
{
    // A character takes at most four bytes, and at least one.
    const std::string_view head = headOf(bytes, std::size_t{DisplayCell::kMaxCharacters} * 4);
    cell.text = QString::fromUtf8(head.data(), static_cast<qsizetype>(head.size()));
    cell.isCut = head.size() < bytes.size() || cell.text.size() > DisplayCell::kMaxCharacters;
    if (cell.text.size() > DisplayCell::kMaxCharacters) {
        const bool splitsPair = cell.text.at(DisplayCell::kMaxCharacters - 1).isHighSurrogate();
        cell.text.truncate(DisplayCell::kMaxCharacters - (splitsPair ? 1 : 0));
    }
    cell.hasControls = std::any_of(cell.text.cbegin(), cell.text.cend(), [](QChar character) {
        return character.unicode() < 0x20 || character.unicode() == 0x7f;
    });
}

std::string hexHead(std::string_view bytes)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex = "\\x";
    for (const char byte : bytes.substr(0, DisplayCell::kMaxCharacters)) {
        hex += kDigits[static_cast<unsigned char>(byte) >> 4];
        hex += kDigits[static_cast<unsigned char>(byte) & 15u];
    }
    return hex;
}

} // namespace

DisplayCell displayCell(const Column &column, std::int64_t row)
{
    DisplayCell cell;
    switch (column.absence(row)) {
    case columnar::Absence::Null:
        cell.look = CellLook::Null;
        return cell;
    case columnar::Absence::Missing:
        cell.look = CellLook::Missing;
        return cell;
    case columnar::Absence::Present:
        break;
    }
    cell.look = lookOf(column.type.kind);
    if (column.type.kind == TypeKind::Binary) {
        setText(cell, hexHead(column.textAt(row)));
        cell.isCut = cell.isCut || column.textAt(row).size() > DisplayCell::kMaxCharacters;
    } else if (column.type.isText()) {
        setText(cell, column.textAt(row));
        if (cell.text.isEmpty() && column.type.kind == TypeKind::String)
            cell.look = CellLook::EmptyText;
    } else {
        std::array<char, columnar::kMaxScalarText> text;
        const char *end = columnar::writeScalarText(text.data(), column, row);
        cell.text = QString::fromLatin1(text.data(), end - text.data());
    }
    return cell;
}

bool isRightAligned(const columnar::LogicalType &type)
{
    return type.isNumber();
}

} // namespace freshet::ui
