// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/get_options.h"
#include "cli/progress_line.h"
#include "store/library.h"

namespace freshet::cli {

inline constexpr Option kNoManifestOption{"no-manifest", '\0', "",
                                          "write no FILE.manifest.json beside the file"};

/// Write rows to `target`, with their manifest unless --no-manifest is among `arguments`, and show
/// the progress.
[[nodiscard]] Result<exporters::ExportReport>
saveFile(const store::DatasetSnapshot &snapshot, const store::DatasetRecord &record,
         const SaveTarget &target, const Arguments &arguments, const CancelToken &cancel,
         ProgressLine &line);

/// One line on stderr if the rows in `file` are not all there are, or nobody knows: the verdict and
/// its first reason. Not even --quiet keeps it back.
void warnIfIncomplete(const store::DatasetRecord &record, const std::filesystem::path &file);

} // namespace freshet::cli
