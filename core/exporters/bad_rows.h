// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"

#include <filesystem>
#include <functional>
#include <limits>
#include <string>

namespace freshet::exporters {

enum class BadRowFormat { Ndjson, Csv };

/// By the file's name: `.ndjson`, `.jsonl` or `.csv`. Errors: InvalidArgument.
[[nodiscard]] Result<BadRowFormat> badRowFormatFor(const std::filesystem::path &file);

/// What stands before the first row: the column names of CSV.
[[nodiscard]] std::string badRowHeader(BadRowFormat format);
/// Append one bad row: `line`, `byte_offset`, `code`, `reason` and the text as it was sent, `raw`.
/// Text that is not valid UTF-8 stands as base64 in a member (column) of its own, `raw_base64`, and
/// `raw` is null (empty): no byte is lost.
void appendBadRow(std::string &text, const store::StoredReject &row, BadRowFormat format);
[[nodiscard]] bool isUtf8(const std::string &text);

/// Which bad rows, counted from 0 in the order they came: [first, end).
struct BadRowRange
{
    std::int64_t first = 0;
    std::int64_t end = std::numeric_limits<std::int64_t>::max();
};

/// Hand them to `take`, a few in memory at a time. Output: how many. Errors: those of the library
/// and of `take`, which ends it.
[[nodiscard]] Result<std::int64_t>
forEachBadRow(const store::Library &library, const std::string &id, BadRowRange range,
              const std::function<Status(const store::StoredReject &row)> &take);
/// Write them to a file; an earlier one stays until the new one is whole. Output: how many.
/// Errors: also those of `badRowFormatFor` and the file. Threads: blocks; any thread.
[[nodiscard]] Result<std::int64_t> exportBadRows(const store::Library &library,
                                                 const std::string &id,
                                                 const std::filesystem::path &file,
                                                 BadRowRange range = {});

} // namespace freshet::exporters
