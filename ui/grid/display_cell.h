// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <QString>

#include <cstdint>

namespace freshet::ui {

/// What a cell looks like, apart from its text.
enum class CellLook : std::uint8_t {
    Pending, ///< not read yet
    Failed,  ///< cannot be read
    Missing,
    Null,
    EmptyText,
    Text,
    Json,
    Binary,
    Bool,
    Number,
    Time, ///< date, time, timestamp
};

/// A cell made ready to paint: its text, or the start of a long one.
struct DisplayCell
{
    /// Characters kept: more than any screen shows in one line, so that no long text is shaped.
    static constexpr int kMaxCharacters = 1'024;

    CellLook look = CellLook::Pending;
    bool hasControls = false; ///< contains line breaks, tabs or other control characters
    bool isCut = false;       ///< there is more text than is kept here
    QString text;

    bool operator==(const DisplayCell &) const = default;
};

/// Value `row` of `column`. Cost does not depend on the length of the value.
[[nodiscard]] DisplayCell displayCell(const columnar::Column &column, std::int64_t row);

/// Whether values of this type stand at the right edge: numbers do.
[[nodiscard]] bool isRightAligned(const columnar::LogicalType &type);

} // namespace freshet::ui
