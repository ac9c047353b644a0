// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "cli/exit_code.h"

#include <string>
#include <string_view>

namespace freshet::cli {

/// How a command ends whose answer is printed already: with what went wrong on stderr, if anything.
[[nodiscard]] ExitCode endedWith(const Status &done);
/// How `command` ends that could not begin: what is wrong with its arguments points to its help,
/// anything else is told as it is. `source` as in `printError`.
[[nodiscard]] ExitCode notBegun(const Error &error, std::string_view command,
                                const std::string &source = {});

} // namespace freshet::cli
