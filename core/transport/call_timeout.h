// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <chrono>
#include <optional>
#include <vector>

namespace freshet::transport {

/// How long a call may take in all, by the header fields that tell its server so. Both sides keep
/// to it: a server may not know that it has to, or may not be there any more.
/// Source: grpc/grpc doc/PROTOCOL-HTTP2.md (`Grpc-Timeout: 300m`);
/// https://connectrpc.com/docs/protocol
/// (`Connect-Timeout-Ms: 300`). Output: nothing where there is none, or none that can be read.
[[nodiscard]] std::optional<std::chrono::milliseconds>
callTimeoutIn(const std::vector<Header> &headers);

} // namespace freshet::transport
