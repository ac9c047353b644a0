// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::transfer {

/// The words of a POSIX shell command: '…', "…", $'…', backslashes, continued lines; stops at the
/// end of the first command. Nothing is expanded. Errors: InvalidArgument for an open quote.
[[nodiscard]] Result<std::vector<std::string>> shellWords(std::string_view command);

/// `text` as one word that a shell, and `shellWords`, read back as it is: bare where nothing in it
/// means anything to a shell, else '…', else $'…' (bash, zsh, ksh) for control characters and bytes
/// that are not UTF-8. `text` holds no NUL, which no command line can pass on.
[[nodiscard]] std::string shellQuoted(std::string_view text);

} // namespace freshet::transfer
