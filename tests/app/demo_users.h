// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/demo_server.h"

#include <QString>

#include <memory>

namespace freshet::test {

/// A demo server with its users, for tests that run the program.
class DemoUsers
{
public:
    DemoUsers()
    {
        auto server = demo::DemoServer::start();
        if (!server)
            qFatal("%s", server.error().toString().c_str());
        m_server = std::move(*server);
    }

    /// Where so many of them stream from.
    [[nodiscard]] QString url(int rows) const
    {
        return QString::fromStdString(m_server->origin()) +
               QStringLiteral("/api/users/stream?rows=") + QString::number(rows);
    }

private:
    std::unique_ptr<demo::DemoServer> m_server;
};

} // namespace freshet::test
