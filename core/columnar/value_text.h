// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <string>

namespace freshet::columnar {

/// Longest text of a value that is not of a text kind.
inline constexpr std::size_t kMaxScalarText = 64;

/// Append the text of a value that is present, as it is shown and exported: integers and decimals
/// in full, doubles as the shortest decimal that reads back equal, `true`/`false`, dates and times
/// in the spelling they came in, text as it is, binary as `\x` hex. Exact: reading the text under
/// the column's type gives the value back.
void appendText(std::string &out, const Column &column, std::int64_t row);
/// The same into memory with room for `kMaxScalarText` bytes, for values that are not of a text
/// kind. Output: one past the last byte written.
char *writeScalarText(char *out, const Column &column, std::int64_t row);

/// Append the value as JSON: numbers bare (a decimal and a uint64 too), text quoted and escaped,
/// json as it is, absent values as `null`; what JSON cannot spell (NaN, infinity) quoted.
void appendJson(std::string &out, const Column &column, std::int64_t row);
/// Append `text` with quotes, escaped by RFC 8259; valid UTF-8 passes unchanged.
void appendJsonString(std::string &out, std::string_view text);

/// Shortest decimal text of `value` that reads back equal: `1.5`, `100` for 100.0, `1e+300`; plain
/// for exponents in [-5, 21), as JavaScript does. Negative zero is `-0`. What only queries bring is
/// `NaN`, `Infinity` and `-Infinity`. At most 25 bytes.
char *writeDouble(char *out, double value);
/// The same in the spelling of `type` (see LogicalType::scale). At most 27 bytes.
char *writeDouble(char *out, double value, LogicalType type);
char *writeInt64(char *out, std::int64_t value);
char *writeUInt64(char *out, std::uint64_t value);

} // namespace freshet::columnar
