// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transport/transport.h"

namespace freshet::cli {

/// Say how an s3:// or sftp:// URL is reached: by the options, else as this user has set it up.
/// Errors: InvalidArgument in words for the user; also for options that the URL has no use for.
[[nodiscard]] Status readRemoteAccess(const Arguments &arguments, transport::ByteRequest &bytes);

} // namespace freshet::cli
