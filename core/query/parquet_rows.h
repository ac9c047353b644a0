// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"

#include <filesystem>

namespace freshet::query {

/// How many rows a Parquet file holds. Every column is decoded on the way, so that a damaged page
/// is found.
/// Errors: SqlError if it is no Parquet file or damaged; FileNotFound, PermissionDenied, IoError;
/// Cancelled. Threads: blocks.
[[nodiscard]] Result<RowCount> countParquetRows(const std::filesystem::path &file,
                                                const CancelToken &cancel);

} // namespace freshet::query
