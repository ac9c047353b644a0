// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"

#include <string>
#include <string_view>

namespace freshet::transfer {

/// Whether `text` is a curl command, as browsers and API documentation offer it for copying.
[[nodiscard]] bool isCurlCommand(std::string_view text);

/// The request that a curl command would make.
///
/// Understood: the URL, -H, -d and its kin (joined by `&`), --json, -X, -G, -u, -A, -e, -x, -b with
/// text, --compressed; options that only change curl's own output are passed over. Ends at an
/// unquoted `|`, `;`, `>` or `&&`.
/// Errors: InvalidArgument in words for the user: an open quote, an unknown option, no URL, and
/// everything that would read a file (`-d @file`), which pasted text must not do.
[[nodiscard]] Result<DownloadRequest> requestFromCurl(std::string_view command);

/// The curl command that makes the request. Secrets are not in it: in their place stand shell
/// variables named after the header or parameter, `"$AUTHORIZATION"`. What only Freshet does with
/// the answer is left out. Errors: Unsupported where curl cannot make the request (gRPC,
/// WebSocket), or where its body cannot stand in a command line.
[[nodiscard]] Result<std::string> curlCommandFor(const DownloadRequest &request);

} // namespace freshet::transfer
