// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "transfer/file_download.h"

namespace freshet::cli {

/// `get --download`: fetch a file as it is sent, go on with what an earlier run left of it, write
/// its manifest, report.
[[nodiscard]] ExitCode downloadFile(const Arguments &arguments);

[[nodiscard]] ExitCode exitCodeFor(const transfer::FileDownloadReport &report);

} // namespace freshet::cli
