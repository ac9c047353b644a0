// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "columnar/record_batch.h"

#include <filesystem>
#include <string>

namespace freshet::query {

struct ParquetOptions
{
    std::string compression = "zstd"; ///< zstd, snappy, gzip, uncompressed
    /// Encode repeated values once. DuckDB's dictionaries hold 0.0 and -0.0 as one value: false
    /// keeps the sign of zeros in rows that have both.
    bool dictionaries = true;
    int threads = 2;
    ByteCount memoryLimit = ByteCount(256LL << 20);
};

/// Write `rows` in their order as a Parquet file to `target`, which may exist; no rename and no
/// sync, these are the caller's. Row groups are encoded in parallel; each is one of the dataset's
/// batches, or several small ones.
///
/// Types: uint64 as UINT_64, decimal as DECIMAL, times as TIME and TIMESTAMP in µs (adjusted to UTC
/// if they have a zone), json as text, a column that never had a value as text. Names that differ
/// in letter case only are told apart by `_1`. Errors: InvalidArgument for rows without columns;
/// Cancelled; DiskFull, IoError … with the path; those of `rows`. Threads: blocks; calls
/// `rows.next()` from DuckDB's threads, one at a time.
[[nodiscard]] Status writeParquet(columnar::BatchReader &rows, const std::filesystem::path &target,
                                  const ParquetOptions &options, const CancelToken &cancel);

} // namespace freshet::query
