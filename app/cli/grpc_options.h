// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transfer/grpc_call.h"

#include <optional>
#include <string_view>

namespace freshet::cli {

/// The gRPC call that --call and its companions describe; nothing without --call. `body` is what
/// --data gave. Errors: InvalidArgument in words for the user.
[[nodiscard]] Result<std::optional<transfer::GrpcCall>>
grpcCallFrom(const Arguments &arguments, std::string_view url, const std::string &body);

} // namespace freshet::cli
