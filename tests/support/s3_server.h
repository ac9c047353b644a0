// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <string>

namespace freshet::test {

/// S3 as npm's `s3rver` serves it on a free port of 127.0.0.1, with signatures checked by AWS's own
/// signer (tests/interop/node/s3_server.mjs). It ends with the object.
class S3Server
{
public:
    static constexpr const char *kAccessKey = "AKIDTEST";
    static constexpr const char *kSecretKey = "s3cr3t/key+";
    static constexpr const char *kRegion = "eu-west-1";

    /// Whether its parts are there (npm ci in tests/interop/node) and node is.
    [[nodiscard]] static bool isInstalled();

    ~S3Server() { stop(); }
    /// Before `start`, which reads the objects: `bucket/key`.
    [[nodiscard]] bool put(const QString &path, const QByteArray &content) const;
    /// Begin, or begin again with what was put meanwhile. The first `cuts` answers with objects are
    /// cut in their middle. False with a warning if it does not start.
    [[nodiscard]] bool start(int cuts = 0);
    void stop();

    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] std::string endpoint() const
    {
        return "http://127.0.0.1:" + std::to_string(m_port);
    }

private:
    QTemporaryDir m_objects;
    QProcess m_node;
    int m_port = 0;
};

} // namespace freshet::test
