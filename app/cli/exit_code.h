// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

namespace freshet::cli {

/// What the program says to the shell; stable, scripts decide by it.
enum class ExitCode {
    Done = 0,         ///< verified or ended
    Usage = 2,        ///< the command line cannot be understood
    Incomplete = 3,   ///< rows are kept, but not all of them came
    Refused = 4,      ///< the server gave nothing
    LocalFailure = 5, ///< disk, permission, library
    Cancelled = 130,
};

/// The exit code for a command that ended with an error and has nothing to show.
[[nodiscard]] ExitCode exitCodeFor(ErrorCode code);

} // namespace freshet::cli
