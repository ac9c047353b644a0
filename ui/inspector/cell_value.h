// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "grid/grid_source.h"
#include "inspector/json_document.h"

#include <memory>
#include <optional>
#include <string>

namespace freshet::ui {

/// One cell, read for looking at.
struct CellValue
{
    columnar::Field field;
    columnar::Absence absence = columnar::Absence::Present;
    /// The text as `columnar::appendText` gives it, or its start; of a binary value, the bytes.
    std::string text;
    /// Of the whole value.
    ByteCount size;
    /// Code points of `text`; of a binary value 0.
    std::int64_t characters = 0;
    bool isCut = false;
    /// A json value that is whole and well-formed, taken apart.
    std::shared_ptr<const JsonDocument> json;

    [[nodiscard]] bool isBinary() const { return field.type.kind == columnar::TypeKind::Binary; }
};

/// Read at most `maxBytes` of a cell. Threads: any; reads the disk.
[[nodiscard]] Result<CellValue> readCell(const GridSource &source, CellIndex cell,
                                         ByteCount maxBytes);
/// The same from memory; nothing if it is not there, or longer than is worth doing at once.
[[nodiscard]] std::optional<CellValue> peekCell(const GridSource &source, CellIndex cell);

/// `bytes` as lines of offset, hex and ASCII, 16 a line.
[[nodiscard]] std::string hexDump(std::string_view bytes);

} // namespace freshet::ui
