// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <memory>
#include <string>

namespace freshet::demo {

/// The demo server's users over WebSocket, on a port of its own of 127.0.0.1.
///
/// Requests: `{"type":"fetch-all"}`, `{"type":"resume","after":ID}`. Answers: `batch` messages of
/// at most 500 rows in `data` with their `batchNumber`, then `complete` with `totalBatches` (of
/// this connection) and `total` (of the table); the client closes. Parameters of the URL: `rows=`,
/// `seed=`, `rate=`, `total=no`, and `fault=` `cut:N`, `stall:N`, `error:N`, `bad:N`
/// (demo/fault.h).
///
/// Threads: `start` and the destructor from one thread; serves on its own.
/// Needs a QCoreApplication that outlives it.
class SocketServer
{
public:
    /// Listen on a free port. Errors: ConnectFailed.
    [[nodiscard]] static Result<std::unique_ptr<SocketServer>> start();
    ~SocketServer();

    /// `ws://127.0.0.1:PORT/ws`
    [[nodiscard]] const std::string &url() const;

private:
    struct Impl;
    explicit SocketServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::demo
