// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exporters/exporter.h"
#include "store/library.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::exporters {

/// What stands in `FILE.manifest.json` beside an exported or downloaded file: where it came from,
/// what it has to be, and whether that is all there is. Without secrets.
///
/// As JSON: `freshet` (version), `kind` (`export`, `download`), `file`, `format`, `compression`,
/// `header`, `bytes`, `sha256`, `rows`, `schema` [{`name`, `type`}], `columns` (null: all), `where`
/// (null: every row), `dataset` {`id`, `name`, `rows`, `rejected`}, `source`, `verdict`,
/// `evidence` [], `error`, `resume` (null, or where a resumed download would go on), `started`,
/// `finished`, `exported` (ISO 8601, UTC).
struct Manifest
{
    using Time = std::chrono::system_clock::time_point;

    struct Column
    {
        std::string name;
        std::string type;
    };

    std::string version;
    std::string kind = "export";
    std::string fileName;
    /// `csv`, `parquet` …; empty for a download, whose bytes are as the server sent them.
    std::string format;
    std::string compression; ///< of the file as a whole: `gzip`, `zstd` or empty
    bool header = false;
    ByteCount bytes;
    std::string sha256;           ///< hexadecimal
    std::optional<RowCount> rows; ///< in the file
    std::vector<Column> schema;   ///< of the file
    std::vector<std::string> columns;
    std::string where;
    std::string datasetId;
    std::string datasetName;
    RowCount datasetRows;
    RowCount rejected;
    std::string source;
    std::string verdict; ///< of the download: `verified`, `ended`, `incomplete`
    std::vector<std::string> evidence;
    std::string error;
    std::string resume; ///< JSON object; empty if there is none
    Time started;
    std::optional<Time> finished; ///< unset if rows were still coming
    Time exported;

    [[nodiscard]] std::string toJson() const;
    /// Errors: SyntaxError if it is not a manifest.
    [[nodiscard]] static Result<Manifest> fromJson(std::string_view text);
};

[[nodiscard]] std::filesystem::path manifestPath(const std::filesystem::path &file);

/// The manifest of an export of `record`'s rows. A record without a verdict is of rows that are
/// still coming: the manifest then says incomplete, and why.
[[nodiscard]] Manifest manifestOf(const ExportReport &report, const ExportOptions &options,
                                  const store::DatasetRecord &record);

/// Write `manifest` beside `file`, in one step. Errors: those of the disk, naming the manifest.
[[nodiscard]] Status writeManifest(const std::filesystem::path &file, const Manifest &manifest);
/// Errors: FileNotFound, SyntaxError …
[[nodiscard]] Result<Manifest> readManifest(const std::filesystem::path &file);
/// Take away a manifest that no longer belongs to `file`; none is fine, and what is no manifest
/// stays.
[[nodiscard]] Status removeManifest(const std::filesystem::path &file);

/// `exportDataset`, then the manifest beside the file.
[[nodiscard]] Result<ExportReport>
exportWithManifest(const store::DatasetSnapshot &snapshot, const store::DatasetRecord &record,
                   const std::filesystem::path &file, const ExportOptions &options,
                   const CancelToken &cancel,
                   const std::function<void(const ExportProgress &)> &progress = {});

} // namespace freshet::exporters
