// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"

#include <string>

namespace freshet::transfer {

/// The command line of `freshet-cli get` that makes the same request: what it is read as is equal
/// in everything but secrets, in whose place shell variables stand (see `CommandText`). What is as
/// by default is left out. Errors: Unsupported where the request holds something that a command
/// line cannot: a body with binary data.
[[nodiscard]] Result<std::string> cliCommandFor(const DownloadRequest &request);

} // namespace freshet::transfer
