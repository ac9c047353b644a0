// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"

#include <memory>

namespace freshet::decode {

/// A decoder for delimiter-separated text. `options.format` is Csv (the delimiter is sniffed unless
/// given) or Tsv (tab unless given).
/// Source: RFC 4180, with the deviations that real files show (see `CsvScanner`).
///
/// Dialect and header: see `sniffCsv`. They are decided when kCsvSampleBytes have come, at the end,
/// or at a `flush()` that finds enough to go by (a slow stream; see `isEnoughCsv`), and are not
/// looked at again: where a stream is split does not matter, when it is flushed may. Options that
/// give delimiter, quote and header leave nothing to decide, and rows come from the first byte on.
///
/// Columns: named by the header, else `column0`, `column1` …; a builder that has columns already (a
/// resumed dataset) and `hasHeader = false` take the fields in the order of those columns.
/// Values: a bare empty field is null, `""` is the empty text; all else is inferred such that its
/// text comes back byte for byte (`TextInference::All`).
///
/// Blank lines are passed over where records have two fields or more; with one field, a blank line
/// is a null, but for a single one at the end.
///
/// Bad rows (rejected; the rest goes on): another count of fields than the first record has, a
/// title or comment above the table (WrongFieldCount), text behind a closing quote (SyntaxError),
/// bytes that are not UTF-8 (InvalidUtf8). The stream is broken by: a quote not closed at the end,
/// or a last line without line end that has too few fields (Truncated), UTF-16 and UTF-32
/// (InvalidUtf8), a record beyond the limit (RowTooLarge), more columns than allowed
/// (LimitReached).
[[nodiscard]] std::unique_ptr<RowDecoder> makeCsvDecoder(const DecodeOptions &options,
                                                         DecodeOutputs outputs);

} // namespace freshet::decode
