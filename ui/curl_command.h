// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::ui {

/// Whether `text` is a curl command, as browsers and API documentation offer it for copying.
[[nodiscard]] bool isCurlCommand(std::string_view text);

/// The request that a curl command would make.
///
/// Understood: the URL, -H, -d and its kin (joined by `&`), --json, -X, -G, -u, -A, -e, -b with
/// text, --compressed; options that only change curl's own output are passed over. Ends at an
/// unquoted `|`, `;`, `>` or `&&`.
/// Errors: InvalidArgument in words for the user: an open quote, an unknown option, no URL, and
/// everything that would read a file (`-d @file`), which pasted text must not do.
[[nodiscard]] Result<transfer::DownloadRequest> requestFromCurl(std::string_view command);

/// The words of a POSIX shell command: '…', "…", $'…', backslashes, continued lines; stops at the
/// end of the first command. Nothing is expanded. Errors: InvalidArgument for an open quote.
[[nodiscard]] Result<std::vector<std::string>> shellWords(std::string_view command);

} // namespace freshet::ui
