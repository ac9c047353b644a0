// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "exporters/exporter.h"
#include "transfer/download_request.h"
#include "transfer/file_download.h"

#include <filesystem>
#include <span>
#include <vector>

namespace freshet::cli {

inline constexpr Option kRowsAtOption{"rows-at", '\0', "PATH",
                                      "JSON: where the rows are, such as $.result.records"};

/// A file to write when the rows are there.
struct SaveTarget
{
    std::filesystem::path file;
    exporters::ExportOptions options;
};

[[nodiscard]] std::span<const Option> getOptions();
/// With --call the request is a gRPC call still to be prepared (see `transfer::prepareGrpcCall`).
/// Errors: InvalidArgument in words for the user; IoError … for a --data @FILE that cannot be
/// read.
[[nodiscard]] Result<transfer::DownloadRequest> requestFrom(const Arguments &arguments);
/// For `get --download`. Errors: as above; InvalidArgument also for an option that only rows have.
[[nodiscard]] Result<transfer::FileDownloadRequest> fileRequestFrom(const Arguments &arguments);
/// The headers given with -H. Errors: InvalidArgument in words for the user.
[[nodiscard]] Result<std::vector<transport::Header>> headersFrom(const Arguments &arguments);
/// `Name: value` lines that `option` gave. Errors: as above.
[[nodiscard]] Result<std::vector<transport::Header>>
headersFrom(const std::vector<std::string> &lines, std::string_view option);
/// The text of a file that an option names with an @, of 256 MiB at most. Errors: those of reading
/// it.
[[nodiscard]] Result<std::string> textFrom(const std::string &atFile);
/// The --save files with what their names say; checked before anything is downloaded.
[[nodiscard]] Result<std::vector<SaveTarget>> saveTargetsFrom(const Arguments &arguments);

} // namespace freshet::cli
