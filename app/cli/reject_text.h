// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/dataset.h"

#include <filesystem>
#include <string>

namespace freshet::cli {

enum class RejectFormat { Human, Ndjson, Csv };

/// By the file's name: `.ndjson`, `.jsonl` or `.csv`. Errors: InvalidArgument.
[[nodiscard]] Result<RejectFormat> rejectFormatFor(const std::filesystem::path &file);

/// What stands before the first row: the column names of CSV.
[[nodiscard]] std::string rejectHeader(RejectFormat format);

/// Append one bad row: line, byte offset, code, reason and the text as it was sent. Text that is
/// not valid UTF-8 stands as base64 in a member (column) of its own, `raw_base64`, and `raw` is
/// null (empty): no byte is lost.
void appendReject(std::string &text, const store::StoredReject &reject, RejectFormat format);

} // namespace freshet::cli
