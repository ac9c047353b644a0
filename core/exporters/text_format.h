// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"
#include "exporters/exporter.h"

#include <memory>
#include <string>

namespace freshet::exporters {

/// Turns rows into the bytes of a text format, any stretch of rows on its own: the file is
/// `prologue + rows [0, a) + rows [a, b) + … + epilogue` wherever it is cut.
/// Threads: thread-safe, immutable.
class TextFormat
{
public:
    virtual ~TextFormat() = default;
    virtual void appendPrologue(std::string &out) const = 0;
    /// Rows [first, end) of `batch`; `isAtStart` if the first of them is the file's first row.
    virtual void appendRows(std::string &out, const columnar::RecordBatch &batch,
                            std::int64_t first, std::int64_t end, bool isAtStart) const = 0;
    /// `isEmpty` if the file has no row.
    virtual void appendEpilogue(std::string &out, bool isEmpty) const = 0;
};

/// RFC 4180 with `\n` and this delimiter. Text is quoted if it is empty or holds a delimiter, a
/// quote or a line break; a value that is absent is an empty field without quotes.
[[nodiscard]] std::unique_ptr<TextFormat> makeCsvFormat(const columnar::Schema &schema,
                                                        char delimiter, bool header);
/// One object a row; an absent value is `null`, a missing one is left out. NDJSON, or an array with
/// a row a line.
[[nodiscard]] std::unique_ptr<TextFormat> makeJsonFormat(const columnar::Schema &schema,
                                                         bool isArray);

} // namespace freshet::exporters
