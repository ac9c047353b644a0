// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/csv_scanner.h"
#include "decode/row_decoder.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// Bytes that are looked at, at most, to find out how a file is written.
inline constexpr std::size_t kCsvSampleBytes = 64 * 1024;

/// What a sample of a file told about it.
struct CsvFindings
{
    CsvDialect dialect;
    bool hasHeader = false;
    /// Records before the table: a title or comments, one field each above rows of several.
    std::size_t preamble = 0;

    /// For the evidence: `delimiter ';', header found`.
    [[nodiscard]] std::string note() const;
};

/// Find out how a file is written; what `options` give is taken as given.
///
/// Input: the first bytes of the file behind its byte order mark, at most kCsvSampleBytes of them,
/// followed by 64 readable ones. `isWhole`: the file ends there; else the last record may be cut
/// and is not looked at (unless it is the only one).
///
/// How: each delimiter (comma, tab, semicolon, bar; colon only if none of these divides) and quote
/// is tried on the sample, and the one under which most records have the same number of fields, two
/// or more, is taken; among equals the delimiter that is rarer in prose. A header is a first record
/// of names: text above columns of numbers, dates or booleans, or else distinct texts that do not
/// come again below. Quotes are taken for letters only if they explain more lines badly than well.
[[nodiscard]] CsvFindings sniffCsv(std::string_view sample, bool isWhole,
                                   const DecodeOptions &options);

/// Whether the start of a stream that pauses or was cut, with 64 readable bytes behind it, is
/// enough to decide by: two whole records that only one delimiter divides, and of which the first
/// is surely a header or surely none; three of any other kind, as rows are worth more than
/// certainty then.
[[nodiscard]] bool isEnoughCsv(std::string_view sample, const DecodeOptions &options);

/// Names that are unique and not blank: a blank one becomes `column3` (counted from 0), a second
/// `name` becomes `name_2`.
[[nodiscard]] std::vector<std::string> uniqueColumnNames(std::vector<std::string> names);

} // namespace freshet::decode
