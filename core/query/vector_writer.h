// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <duckdb.h>

#include <cstdint>

namespace freshet::query {

/// Put rows [first, first + count) of `column` into `vector`, which has the type `toDuckdb` gives
/// for the column's and room for them.
///
/// Texts longer than 12 bytes are not copied: the vector points into the column's buffer.
/// Lifetime: `column` must stay until DuckDB asks its table function for the next chunk, which is
/// how long DuckDB's own scans keep a pinned block; operators that hold on to a text copy it.
/// Limits: `first` is a multiple of 8.
void writeVector(duckdb_vector vector, const columnar::Column &column, std::int64_t first,
                 std::int64_t count);

/// The numbers first, first + 1 … in a BIGINT vector.
void writeSequence(duckdb_vector vector, std::int64_t first, std::int64_t count);

} // namespace freshet::query
