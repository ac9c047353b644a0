// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <memory>
#include <string>

namespace freshet::demo {

/// A small HTTP server with a deterministic table of users, for trying things out and for tests.
/// Listens on 127.0.0.1 only.
///
/// Paths: `/` (what there is), `/api/users` (JSON array or NDJSON by Accept), `/api/users/stream`
/// (NDJSON), `/api/users/sse` (events, going on behind Last-Event-ID), `/api/users.csv`,
/// `.msgpack`, `.cbor`; gzip, br and zstd by Accept-Encoding. Parameters: `rows=`, `seed=`,
/// `rate=` rows per second, `since=` an id to begin behind (`inclusive=1`: at), pages of
/// `/api/users` by `page=`, `offset=` or `cursor=` (see demo/user_page.h), `fault=` one of `cut:N`,
/// `cut-row:N`, `stall:N`, `error:N`, `bad:N`, `length:N` (see demo/fault.h); `total=no`. Exports
/// that are prepared and then fetched by signed links: see demo/export_routes.h. Threads: `start`
/// and `stop` from one thread; serves on its own.
class DemoServer
{
public:
    /// Listen on `port`, or on a free one if it is 0. Errors: ConnectFailed if the port is taken.
    [[nodiscard]] static Result<std::unique_ptr<DemoServer>> start(int port = 0);
    ~DemoServer();

    [[nodiscard]] int port() const;
    /// `http://127.0.0.1:PORT`
    [[nodiscard]] std::string origin() const;

private:
    struct Impl;
    explicit DemoServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::demo
