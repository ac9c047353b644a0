// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/demo_server.h"

namespace freshet::gui {

/// The demo server of this process, started when it is first needed.
class DemoHost
{
public:
    /// The URL of `rows` demo users as NDJSON. Errors: those of `DemoServer::start`.
    [[nodiscard]] Result<std::string> url(std::int64_t rows)
    {
        if (!m_server) {
            auto server = demo::DemoServer::start();
            if (!server)
                return fail(std::move(server).error());
            m_server = std::move(*server);
        }
        return m_server->origin() + "/api/users/stream?rows=" + std::to_string(rows);
    }

private:
    std::unique_ptr<demo::DemoServer> m_server;
};

} // namespace freshet::gui
