// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "columnar/record_batch.h"
#include "exporters/exporter.h"

#include <memory>

namespace freshet::exporters {

/// The rows and columns of `snapshot` that `options` ask for, in the dataset's order and exactly as
/// they are in it.
/// Errors: InvalidArgument for a column that is not there; SqlError for a condition that DuckDB
/// does not understand.
[[nodiscard]] Result<std::unique_ptr<columnar::BatchReader>>
openRows(const store::DatasetSnapshot &snapshot, const ExportOptions &options,
         const CancelToken &cancel);

/// Whether a double among those columns is -0.0, which Parquet has to be written for. Reads the
/// double columns only, and stops at the first one.
[[nodiscard]] Result<bool> hasNegativeZero(const store::DatasetSnapshot &snapshot,
                                           const ExportOptions &options, const CancelToken &cancel);

} // namespace freshet::exporters
