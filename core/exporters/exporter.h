// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "store/dataset.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace freshet::exporters {

enum class ExportFormat { Csv, Tsv, Ndjson, JsonArray, Parquet, Arrow };
enum class TextCompression { None, Gzip, Zstd };

[[nodiscard]] std::string_view exportFormatName(ExportFormat format);
[[nodiscard]] std::optional<ExportFormat> exportFormatByName(std::string_view name);

struct ExportOptions
{
    ExportFormat format = ExportFormat::Csv;
    TextCompression compression = TextCompression::None; ///< text formats
    std::string parquetCompression = "zstd";             ///< zstd, snappy, gzip, none
    std::vector<std::string> columns;                    ///< empty: all, in the dataset's order
    std::string where;                                   ///< SQL condition; empty: every row
    bool header = true;                                  ///< CSV and TSV

    /// Errors: InvalidArgument naming the field.
    [[nodiscard]] Status validate() const;
};

/// Options from the file name: `x.csv.gz`, `x.tsv`, `x.ndjson`, `x.jsonl`, `x.json`, `x.parquet`,
/// `x.arrow`, `x.feather`. Errors: InvalidArgument, listing what is known.
[[nodiscard]] Result<ExportOptions> optionsForFile(const std::filesystem::path &file);

struct ExportProgress
{
    RowCount rows;
    std::optional<RowCount> totalRows;
    ByteCount bytesWritten;
    std::chrono::microseconds elapsed{0};
};

struct ExportReport
{
    std::filesystem::path file;
    RowCount rows;
    ByteCount bytes;
    std::string sha256;                                                ///< of the file, hexadecimal
    columnar::SchemaPtr schema = std::make_shared<columnar::Schema>(); ///< of the file
    std::chrono::system_clock::time_point exported;
    std::chrono::microseconds elapsed{0};
};

/// Write the rows of `snapshot` to `file`: first `file.part`, every write and close checked,
/// synced, then renamed. On error or cancel an earlier `file` is untouched and the part file is
/// gone.
///
/// CSV and TSV: RFC 4180 quoting, `\n` line ends; null is an empty field, the empty string `""`; in
/// TSV the same rules with tab. NDJSON and JSON: numbers bare with all digits, a missing value is
/// left out, dotted columns stay dotted. Parquet through DuckDB. Arrow: IPC file, ZSTD.
/// The SHA-256 is taken while text is written; Parquet and Arrow files, whose writers own them, are
/// read once more. A manifest of an earlier file of that name is taken away (see manifest.h).
/// `progress` is called from the exporting threads, at most every 50 ms.
/// Threads: blocks; call it on a worker.
[[nodiscard]] Result<ExportReport>
exportDataset(const store::DatasetSnapshot &snapshot, const std::filesystem::path &file,
              const ExportOptions &options, const CancelToken &cancel,
              const std::function<void(const ExportProgress &)> &progress = {});

} // namespace freshet::exporters
