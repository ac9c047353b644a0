// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace freshet::cli {

/// `error` in plain words: what happened and where.
[[nodiscard]] std::string whatHappened(const Error &error);
/// What the user can do about it; empty if there is no good advice.
[[nodiscard]] std::string whatNext(const Error &error, std::string_view source = {});

/// Print the error to stderr: what happened, where (`source`, without secrets), what is kept, what
/// next (`remedy`, else `whatNext`). Empty parts are left out.
void printError(const Error &error, std::string_view source = {}, std::string_view kept = {},
                std::string_view remedy = {});
/// The same of what is no error: `sentence`, what is kept, what next.
void printProblem(std::string_view sentence, std::string_view kept, std::string_view remedy);
/// A complaint about the command line, with a pointer to the help of `command`.
void printUsageError(std::string_view sentence, std::string_view command);

} // namespace freshet::cli
