// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command_end.h"

#include "cli/error_text.h"

namespace freshet::cli {

ExitCode endedWith(const Status &done)
{
    if (done)
        return ExitCode::Done;
    printError(done.error());
    return exitCodeFor(done.error().code);
}

ExitCode notBegun(const Error &error, std::string_view command, const std::string &source)
{
    if (error.code == ErrorCode::InvalidArgument)
        printUsageError(error.detail, command);
    else
        printError(error, source);
    return exitCodeFor(error.code);
}

} // namespace freshet::cli
