// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transport/transport.h"

namespace freshet::cli {

/// Say how the s3:// and sftp:// URLs among `places` are reached: by the options, else as this user
/// has set it up.
/// Errors: InvalidArgument in words for the user; also for options that no place has a use for.
[[nodiscard]] Status readRemoteAccess(const Arguments &arguments,
                                      const std::vector<std::string> &places,
                                      transport::ByteRequest &bytes);

} // namespace freshet::cli
