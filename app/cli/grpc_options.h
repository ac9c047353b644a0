// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transfer/download_request.h"

#include <array>
#include <optional>
#include <string>

namespace freshet::cli {

/// What `get` and `lab` know of gRPC calls.
inline constexpr std::array kCallOptions = {
    Option{"call", '\0', "SERVICE/METHOD", "gRPC: the method; --data is its request as JSON"},
    Option{"proto", '\0', "FILE", "gRPC: .proto file with the types; may be repeated"},
    Option{"proto-path", '\0', "DIR", "gRPC: folder that imports are looked for in"},
    Option{"descriptor-set", '\0', "FILE", "gRPC: the types as protoc -o writes them"},
    Option{"metadata", '\0', "'K: V'", "gRPC: metadata of the call; may be repeated"},
    Option{"deadline", '\0', "SECONDS", "gRPC: the call ends after so long, there and here"},
    Option{"rows-field", '\0', "NAME", "gRPC: the repeated field of a message that is the rows"},
};

/// Put the gRPC call that --call and its companions describe into `request`, whose body is the
/// message as JSON; of a call that a recipe describes, what was given takes the place of the kept.
/// Errors: InvalidArgument in words for the user.
[[nodiscard]] Status readCall(const Arguments &arguments, transfer::DownloadRequest &request);

/// The call alone, for a server at `url`, `body` being what --data gave; nothing without --call.
/// Errors: as above.
[[nodiscard]] Result<std::optional<transfer::GrpcCall>>
grpcCallFrom(const Arguments &arguments, const std::string &url, const std::string &body);

} // namespace freshet::cli
