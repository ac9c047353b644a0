// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <memory>
#include <string>

namespace freshet::demo {

/// The demo server's table over gRPC itself: users.UserService of resources/demo.proto.
/// Listens on 127.0.0.1 only, without TLS. The faults `cut` and `cut-row` reset the stream.
/// Threads: `start` and the destructor from one thread; serves on its own.
class GrpcServer
{
public:
    /// Listen on `port`, or on a free one if it is 0. Errors: ConnectFailed if the port is taken.
    [[nodiscard]] static Result<std::unique_ptr<GrpcServer>> start(int port = 0);
    ~GrpcServer();

    [[nodiscard]] int port() const;
    /// `grpc://127.0.0.1:PORT`
    [[nodiscard]] std::string origin() const;

private:
    struct Impl;
    explicit GrpcServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::demo
