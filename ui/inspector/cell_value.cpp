// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector/cell_value.h"

#include "columnar/value_text.h"

#include <algorithm>
#include <utility>

namespace freshet::ui {

namespace {

// Short enough to be taken apart between two frames.
constexpr ByteCount kAtOnce = 32_KiB;

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xc0u) == 0x80u;
}

CellValue valueIn(const CellRun &run, RowIndex row, const columnar::Field &field,
                  ByteCount maxBytes)
{
    CellValue value;
    value.field = field;
    const std::int64_t at = (row - run.first).value();
    value.absence = run.column.absence(at);
    if (value.absence != columnar::Absence::Present)
        return value;
    if (field.type.isText()) {
        const std::string_view whole = run.column.textAt(at);
        std::size_t kept = std::min(whole.size(), maxBytes.asSize());
        while (!value.isBinary() && kept < whole.size() && kept > 0 && isContinuation(whole[kept]))
            --kept;
        value.text = whole.substr(0, kept);
        value.size = ByteCount(std::ssize(whole));
        value.isCut = kept < whole.size();
    } else {
        columnar::appendText(value.text, run.column, at);
        value.size = ByteCount(std::ssize(value.text));
    }
    if (!value.isBinary())
        value.characters = std::count_if(value.text.begin(), value.text.end(),
                                         [](char byte) { return !isContinuation(byte); });
    if (field.type.kind == columnar::TypeKind::Json && !value.isCut) {
        if (Result<JsonDocument> json = JsonDocument::parse(value.text))
            value.json = std::make_shared<const JsonDocument>(*std::move(json));
    }
    return value;
}

const columnar::Field &fieldOf(const GridSource &source, CellIndex cell)
{
    return source.schema()->fields[static_cast<std::size_t>(cell.column)];
}

} // namespace

Result<CellValue> readCell(const GridSource &source, CellIndex cell, ByteCount maxBytes)
{
    const Result<CellRun> run = source.load(cell.row, cell.column);
    if (!run)
        return fail(run.error());
    return valueIn(*run, cell.row, fieldOf(source, cell), maxBytes);
}

std::optional<CellValue> peekCell(const GridSource &source, CellIndex cell)
{
    const std::optional<CellRun> run = source.peek(cell.row, cell.column);
    if (!run)
        return std::nullopt;
    const columnar::Field &field = fieldOf(source, cell);
    const std::int64_t at = (cell.row - run->first).value();
    const bool isLong = field.type.isText() && !run->column.isNull(at) &&
                        std::ssize(run->column.textAt(at)) > kAtOnce.value();
    if (isLong)
        return std::nullopt;
    return valueIn(*run, cell.row, field, kAtOnce);
}

std::string hexDump(std::string_view bytes)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    constexpr std::size_t kPerLine = 16;
    std::string dump;
    for (std::size_t at = 0; at < bytes.size(); at += kPerLine) {
        for (int shift = 28; shift >= 0; shift -= 4)
            dump += kDigits[(at >> shift) & 15u];
        dump += "  ";
        const std::string_view line = bytes.substr(at, kPerLine);
        for (std::size_t i = 0; i < kPerLine; ++i) {
            const auto byte = i < line.size() ? static_cast<unsigned char>(line[i]) : 0u;
            dump += i < line.size() ? kDigits[byte >> 4] : ' ';
            dump += i < line.size() ? kDigits[byte & 15u] : ' ';
            dump += i == kPerLine / 2 - 1 ? "  " : " ";
        }
        dump += ' ';
        for (const char byte : line)
            dump += byte >= 0x20 && byte < 0x7f ? byte : '.';
        dump += '\n';
    }
    return dump;
}

} // namespace freshet::ui
