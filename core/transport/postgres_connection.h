// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/postgres_error.h"
#include "transport/progress_board.h"
#include "transport/transport.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

struct PostgresResultDeleter
{
    void operator()(pg_result *result) const;
};
using PostgresResult = std::unique_ptr<pg_result, PostgresResultDeleter>;

/// One session with a PostgreSQL server by libpq.
///
/// Nothing blocks for longer than the cancel token: sockets are polled together with a wake-up. A
/// statement that is left or cancelled while it runs is cancelled at the server too (PQcancel).
/// The address may hold everything that libpq knows: several hosts, a socket's folder, sslmode, a
/// service; passwords come from it, from `PostgresFetch`, or from where libpq looks (~/.pgpass).
/// The session speaks UTF-8 and writes dates, intervals and floats in one spelling.
/// Threads: one thread at a time.
class PostgresConnection
{
public:
    /// Connect. Both references outlive the connection. Errors: UrlInvalid; those of
    /// `postgresError`; Timeout after `ByteRequest::connectTimeout`; Cancelled.
    [[nodiscard]] static Result<std::unique_ptr<PostgresConnection>>
    open(const ByteRequest &request, const CancelToken &cancel, ProgressBoard &board);
    ~PostgresConnection();
    PostgresConnection(const PostgresConnection &) = delete;
    PostgresConnection &operator=(const PostgresConnection &) = delete;

    /// Run one statement, or several with semicolons between them, to the end. Output: the result
    /// of the last. Errors: of the first that failed.
    [[nodiscard]] Result<PostgresResult> run(const std::string &sql);
    /// Run one statement with text parameters. Output: rows as text.
    [[nodiscard]] Result<PostgresResult> run(const std::string &sql,
                                             const std::vector<std::string> &parameters);
    /// A transaction that sees one state of the database and cannot write.
    [[nodiscard]] Status beginReading();

    /// For what goes beyond: after one of libpq's PQsend functions, which returned `isSent`.
    [[nodiscard]] pg_conn *handle() const { return m_connection.get(); }
    [[nodiscard]] Status sent(int isSent, std::string sql);
    /// The next result of what was sent; null when it is over. Errors: those of `check`.
    [[nodiscard]] Result<PostgresResult> next();
    /// Wait until more has come, and take it in. Errors: ConnectionLost, Cancelled.
    [[nodiscard]] Status receive();
    /// Errors: that of the result, if it is one.
    [[nodiscard]] Status check(const pg_result *result) const;

    /// What the server said on the side, at most `kMostNotices`.
    [[nodiscard]] const std::vector<std::string> &notices() const { return m_notices; }
    static constexpr std::size_t kMostNotices = 100;

private:
    struct Closer
    {
        void operator()(pg_conn *connection) const;
    };

    PostgresConnection(const CancelToken &cancel);
    [[nodiscard]] Status connect(const ByteRequest &request, ProgressBoard &board);
    [[nodiscard]] Status settle();
    [[nodiscard]] Status wait(short events, std::chrono::milliseconds patience);
    [[nodiscard]] Status flush();
    void cancelStatement();
    static void noteNotice(void *self, const pg_result *result);

    const CancelToken &m_cancel;
    int m_wake = -1; ///< an eventfd, written to on cancel
    CancelToken::Registration m_registration;
    std::unique_ptr<pg_conn, Closer> m_connection;
    std::string m_sql; ///< under way
    bool m_isBusy = false;
    std::vector<std::string> m_notices;
    std::size_t m_noticeCount = 0;
};

/// Errors: UrlInvalid if `url` is not one that libpq can read; never with what may be a password.
[[nodiscard]] Status checkPostgresUrl(const std::string &url);

} // namespace freshet::transport
