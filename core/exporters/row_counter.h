// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "exporters/manifest.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace freshet::exporters {

/// Counts the rows of a text file as this program writes it: CSV and TSV records by RFC 4180, whose
/// line breaks count outside of quotes only; lines of NDJSON; of a JSON array with a row a line,
/// those lines. Constant memory, and no value is looked at. Threads: one thread at a time.
class TextRowCounter
{
public:
    TextRowCounter(ExportFormat format, bool hasHeader);
    void feed(std::string_view text);
    /// Errors: Truncated if the text does not end as a whole file does.
    [[nodiscard]] Result<RowCount> finish() const;

private:
    const ExportFormat m_format;
    const bool m_hasHeader;
    std::int64_t m_lines = 0;
    bool m_isQuoted = false;
    std::string m_firstTwo;
    std::string m_lastThree;
};

/// Open `file` as the format that `manifest` names and count its rows.
/// Errors: Truncated, CodingCorrupt, LibraryDamaged … where it cannot be read as such.
[[nodiscard]] Result<RowCount> countRows(const std::filesystem::path &file,
                                         const Manifest &manifest, const CancelToken &cancel);

} // namespace freshet::exporters
