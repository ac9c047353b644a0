// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <string_view>

namespace freshet::cli {

/// Write to stdout; every byte is checked. Errors: IoError, DiskFull.
[[nodiscard]] Status writeOutput(std::string_view text);
/// What stands in buffers reaches the file or pipe.
[[nodiscard]] Status flushOutput();

/// One JSON object a row, exact values; a value that is missing (other than null) is left out.
[[nodiscard]] Status writeNdjson(const columnar::RecordBatch &batch);

} // namespace freshet::cli
