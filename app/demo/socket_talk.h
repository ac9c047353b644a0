// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/fault.h"
#include "demo/users_table.h"

#include <QTimer>
#include <QWebSocket>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace freshet::demo {

/// One client of the demo server's WebSocket: sends users in batches, as `SocketServer` says.
///
/// Sends on only while little waits to be sent, so that a slow reader costs no memory.
/// Threads: one thread at a time, that of its socket. Lifetime: until the client has gone.
class SocketTalk : public QObject
{
public:
    /// Takes the socket over and is deleted with it.
    explicit SocketTalk(QWebSocket *socket);

private:
    void takeRequest(const QString &text);
    [[nodiscard]] Status readOptions();
    void begin(std::int64_t first);
    void sendMore();
    void sendBatch(std::int64_t end);
    void sendBadRow();
    void end();
    void cutOnceSent();
    [[nodiscard]] std::int64_t rowsDue() const;
    void send(const std::string &text);

    QWebSocket *m_socket;
    QTimer m_timer;
    std::int64_t m_rows = 1000;
    double m_rowsPerSecond = 0; ///< 0: as fast as it goes
    bool m_tellsTotal = true;
    Fault m_fault;
    std::unique_ptr<UsersTable> m_table;
    std::int64_t m_first = -1; ///< row that this talk began with; -1: it has not begun
    std::int64_t m_next = 0;
    std::int64_t m_batches = 0;
    bool m_isOver = false;
    bool m_isCut = false;
    std::chrono::steady_clock::time_point m_begun;
};

} // namespace freshet::demo
