// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "columnar/record_batch.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace freshet::store {

/// Arrow knows only "null". Which of the nulls are missing, that is were not named by the source,
/// is told in the record batch message's own metadata under this key, where other readers ignore
/// it.
///
/// Shape: `COLUMN=MARK` joined by `;`, columns ascending; MARK is `*` if every null of the column
/// is missing, else base64 of the Zstandard-compressed bitmap (1 = missing).
inline constexpr std::string_view kMissingKey = "freshet.missing";

/// The text for `batch`; empty if no value is missing.
[[nodiscard]] Result<std::string> writeMissingMarks(const columnar::RecordBatch &batch);

/// The marks of one record batch as they were read.
/// Threads: immutable.
class MissingMarks
{
public:
    MissingMarks() = default;
    /// Errors: LibraryDamaged if `text` is malformed.
    [[nodiscard]] static Result<MissingMarks> parse(std::string_view text);

    /// Set `missingCount` and `missing` of column number `index`, whose validity stands already.
    /// Errors: LibraryDamaged if the mark is malformed or marks a value that is present.
    [[nodiscard]] Status apply(std::size_t index, columnar::Column &column) const;

private:
    std::map<std::size_t, std::string> m_marks;
};

} // namespace freshet::store
