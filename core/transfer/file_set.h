// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "decode/row_decoder.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transfer {

struct DownloadRequest;

/// One file, or before `settleFiles` several: a path, a folder, a pattern (`data/2026-*.csv.gz`),
/// or an http or https URL.
struct FileSource
{
    std::string place;
    /// As the file column shows it; empty: made from the place.
    std::string name;
    /// What is known of it already, for the evidence: "SHA-256 of the file = …, as stated".
    std::vector<std::string> proof;

    bool operator==(const FileSource &) const = default;
};

/// Files whose rows become one dataset, in this order, each in its own format: text formats,
/// Parquet, Arrow, and ZIP archives of such files. Columns meet by name and widen. \code
///   DownloadRequest request;
///   request.files = FileSet{.sources = {{"part-1.parquet"}, {"part-2.parquet"}}};
///   auto transfer = Transfer::start(library, std::move(request), {});
/// \endcode
struct FileSet
{
    std::vector<FileSource> sources;
    /// The column that names a row's file, the first of the dataset; empty: none.
    std::string fileColumn;
    /// All are ZIP archives, whatever they are called.
    bool areArchives = false;
    /// Files of folders that were left out because their names are none of rows: said once.
    std::vector<std::string> leftOut;

    bool operator==(const FileSet &) const = default;
};

inline constexpr std::string_view kDefaultFileColumn = "file";

/// Turn patterns and folders into the files that they stand for now, sorted so that `part-2` comes
/// before `part-10`, and make one URL or path that needs it a set of one: Parquet and Arrow files
/// and ZIP archives, by name or first bytes, folders and patterns. Leaves other requests alone.
/// Errors: FileNotFound if there is no such file or a pattern or folder has none; PermissionDenied;
/// InvalidArgument for what does not go together with files (pages, a body).
[[nodiscard]] Status settleFiles(DownloadRequest &request);

/// Whether a file is one of rows by its name: those of folders and archives that are not are left
/// out.
[[nodiscard]] bool isNamedLikeRows(const std::filesystem::path &name);
/// Whether a file is compressed by its name: `.gz`, `.zst` …
[[nodiscard]] bool isNamedCompressed(const std::filesystem::path &name);
/// What the first bytes of a local file say it is: a table format, Zip, or Auto for all else.
[[nodiscard]] decode::Format formatOfFile(const std::filesystem::path &path);

/// Whether `place` is a path or file:// URL, not a URL of another scheme or standard input.
[[nodiscard]] bool isLocalPlace(std::string_view place);
/// The path of a local place. Errors: UrlInvalid.
[[nodiscard]] Result<std::filesystem::path> pathOfPlace(std::string_view place);

} // namespace freshet::transfer
