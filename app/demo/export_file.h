// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::demo {

enum class ExportKind { Csv, NdjsonGzip, Parquet };

/// As in `format=`: `csv`, `ndjson.gz`, `parquet`; also what a file's name ends in.
[[nodiscard]] std::string_view exportKindName(ExportKind kind);
[[nodiscard]] std::optional<ExportKind> exportKindByName(std::string_view name);
[[nodiscard]] const char *exportContentType(ExportKind kind);

/// Rows [first, end) of a table of users.
struct ExportRows
{
    std::uint64_t seed = 1;
    std::int64_t first = 0;
    std::int64_t end = 0;
};

/// Write the rows to `target`; the same rows give the same table each time.
/// Errors: Cancelled; those of files. Threads: blocks.
[[nodiscard]] Status writeExportFile(ExportKind kind, const ExportRows &rows,
                                     const std::filesystem::path &target,
                                     const CancelToken &cancel);

} // namespace freshet::demo
