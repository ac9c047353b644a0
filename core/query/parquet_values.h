// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "columnar/record_batch.h"
#include "query/parquet_columns.h"

namespace freshet::query {

/// Of times that Parquet keeps as numbers.
inline constexpr columnar::TimeForm kFreeMicros{.fractionDigits = 6, .isFree = true};

/// Do what has to be done with a column's values, as DuckDB gives them, before they are its values;
/// `field` follows. Nanoseconds become microseconds, or text with nine digits where one of them is
/// finer; floats within JSON get their quotes.
/// Errors: Unsupported for an INT96 time that was not given exactly.
[[nodiscard]] Status finishParquetColumn(columnar::Column &column, columnar::Field &field,
                                         ParquetColumn::Kind kind);

} // namespace freshet::query
