// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transfer/download_request.h"

#include <optional>
#include <string>

namespace freshet::cli {

/// Put the gRPC call that --call and its companions describe into `request`, whose body is the
/// message as JSON; of a call that a recipe describes, what was given takes the place of the kept.
/// Errors: InvalidArgument in words for the user.
[[nodiscard]] Status readCall(const Arguments &arguments, transfer::DownloadRequest &request);

/// The call alone, for a server at `url`, `body` being what --data gave; nothing without --call.
/// Errors: as above.
[[nodiscard]] Result<std::optional<transfer::GrpcCall>>
grpcCallFrom(const Arguments &arguments, const std::string &url, const std::string &body);

} // namespace freshet::cli
