// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/fault_server.h"

#include <QCryptographicHash>

#include <mutex>
#include <string>

namespace freshet::test {

/// `answer` with a header that states the SHA-256 of `of`.
[[nodiscard]] inline std::string stating(std::string answer, const QByteArray &of)
{
    const auto digest = QCryptographicHash::hash(of, QCryptographicHash::Sha256).toBase64();
    return answer.insert(answer.find("\r\n") + 2,
                         "Repr-Digest: sha-256=:" + digest.toStdString() + ":\r\n");
}

/// Rows at `/rows.ndjson` with their SHA-256; what is sent may be other bytes than those stated.
/// Threads: thread-safe.
class StatedRows
{
public:
    explicit StatedRows(QByteArray right)
        : m_right(std::move(right)),
          m_sent(m_right),
          m_server([this](const std::string &asked, std::size_t) { return answer({asked}); })
    {}

    /// Bytes on their way, or at the server, turn into others.
    void send(const QByteArray &bytes)
    {
        const std::lock_guard lock(m_mutex);
        m_sent = bytes;
    }
    void sendRight() { send(m_right); }
    [[nodiscard]] std::string url() const { return m_server.url("/rows.ndjson"); }

private:
    Script answer(const Asked &asked)
    {
        const std::lock_guard lock(m_mutex);
        const Resource resource{.body = m_sent.toStdString(),
                                .contentType = "application/x-ndjson"};
        return Script().send(stating(resource.answerTo(asked), m_right));
    }

    const QByteArray m_right;
    std::mutex m_mutex;
    QByteArray m_sent;
    RawServer m_server; ///< last: its threads use what is above
};

} // namespace freshet::test
