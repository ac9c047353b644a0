// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/postgres_connection.h"

#include "transport/ascii.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace freshet::transport {

namespace {

using Clock = std::chrono::steady_clock;

/// Nobody looks after a connection that lies still, but the kernel.
constexpr std::chrono::milliseconds kForEver{-1};

tl::unexpected<Error> cancelled()
{
    return fail(ErrorCode::Cancelled, "cancelled");
}

/// libpq knows the scheme in lower case only.
std::string normalised(const std::string &url)
{
    const std::size_t colon = std::min(url.find(':'), url.size());
    return lowered(url.substr(0, colon)) + url.substr(colon);
}

/// Keywords and values for libpq: what stands behind the address overrules it, what stands before
/// it fills its gaps.
class Parameters
{
public:
    void add(const char *keyword, std::string value)
    {
        if (value.empty())
            return;
        m_keywords.push_back(keyword);
        m_values.push_back(m_texts.emplace_back(std::move(value)).c_str());
    }
    [[nodiscard]] PGconn *start()
    {
        m_keywords.push_back(nullptr);
        m_values.push_back(nullptr);
        return PQconnectStartParams(m_keywords.data(), m_values.data(), 1);
    }

private:
    std::deque<std::string> m_texts; ///< which do not move when more come
    std::vector<const char *> m_keywords;
    std::vector<const char *> m_values;
};

} // namespace

void PostgresResultDeleter::operator()(pg_result *result) const
{
    PQclear(result);
}

void PostgresConnection::Closer::operator()(pg_conn *connection) const
{
    PQfinish(connection);
}

Status checkPostgresUrl(const std::string &url)
{
    PQconninfoOption *const options = PQconninfoParse(normalised(url).c_str(), nullptr);
    if (options != nullptr) {
        PQconninfoFree(options);
        return {};
    }
    // What libpq says of it may quote it, password and all.
    return fail(ErrorCode::UrlInvalid,
                "it has to be postgresql://[user[:password]@]host[:port][/database][?name=value…], "
                "with characters such as @, / and % in user and password written as %40, %2F, %25");
}

PostgresConnection::PostgresConnection(const CancelToken &cancel)
    : m_cancel(cancel), m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    m_registration = cancel.onCancel([wake = m_wake] {
        const std::uint64_t one = 1;
        (void)!write(wake, &one, sizeof one);
    });
}

PostgresConnection::~PostgresConnection()
{
    if (m_isBusy)
        cancelStatement();
    m_registration = {};
    if (m_wake >= 0)
        close(m_wake);
}

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const ByteRequest &request,
                                                                     const CancelToken &cancel,
                                                                     ProgressBoard &board)
{
    std::unique_ptr<PostgresConnection> made(new PostgresConnection(cancel));
    if (made->m_wake < 0)
        return fail(systemError(errno, "a wake-up for the connection"));
    FRESHET_TRY(made->connect(request, board));
    FRESHET_TRY(made->settle());
    return made;
}

Status PostgresConnection::connect(const ByteRequest &request, ProgressBoard &board)
{
    FRESHET_TRY(checkPostgresUrl(request.url));
    const std::string url = normalised(request.url);
    Parameters parameters;
    parameters.add("user", request.postgres.user);
    parameters.add("password", request.postgres.password);
    parameters.add("sslrootcert", request.caFile);
    // Whoever says whom to trust wants it checked.
    parameters.add("sslmode", request.caFile.empty() ? "" : "verify-full");
    // A peer that is gone without a word is noticed in about a minute.
    parameters.add("keepalives_idle", "30");
    parameters.add("keepalives_interval", "10");
    parameters.add("keepalives_count", "3");
    parameters.add("fallback_application_name", "freshet");
    parameters.add("dbname", url);
    parameters.add("client_encoding", "UTF8");
    m_connection.reset(parameters.start());
    if (!m_connection)
        return fail(ErrorCode::Internal, "libpq has no memory for a connection");
    PQsetNoticeReceiver(handle(), &PostgresConnection::noteNotice, this);

    const auto deadline = Clock::now() + request.connectTimeout;
    PostgresStage stage = PostgresStage::Reaching;
    for (PostgresPollingStatusType next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;
         next = PQconnectPoll(handle())) {
        if (next == PGRES_POLLING_FAILED || PQstatus(handle()) == CONNECTION_BAD)
            return fail(postgresError(handle(), stage));
        const auto status = PQstatus(handle());
        if (status == CONNECTION_AWAITING_RESPONSE || status == CONNECTION_AUTH_OK)
            stage = PostgresStage::Talking;
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0)
            return fail(ErrorCode::Timeout, "the connection did not come about within " +
                                                std::to_string(request.connectTimeout.count()) +
                                                " ms");
        FRESHET_TRY(wait(next == PGRES_POLLING_READING ? POLLIN : POLLOUT, left));
    }
    board.changeTiming(
        [now = board.sinceStart()](TransportTiming &timing) { timing.connected = now; });
    return {};
}

/// How the server writes what it is asked to write as text. Servers that are not PostgreSQL may
/// not know a setting: then they have one spelling of their own.
Status PostgresConnection::settle()
{
    if (PQsetnonblocking(handle(), 1) != 0)
        return fail(postgresError(handle(), PostgresStage::Connected));
    constexpr std::array kSettings = {
        "set standard_conforming_strings = on", "set DateStyle = 'ISO, YMD'",
        "set IntervalStyle = 'postgres'", "set extra_float_digits = 1", "set bytea_output = hex"};
    std::string all;
    for (const char *setting : kSettings)
        all += std::string(setting) + ';';
    auto done = run(all);
    for (std::size_t i = 0; !done && i < kSettings.size(); ++i) {
        if (done.error().code != ErrorCode::DatabaseRefused)
            return fail(std::move(done).error());
        if (auto one = run(kSettings[i]); !one && one.error().code != ErrorCode::DatabaseRefused)
            return fail(std::move(one).error());
    }
    return {};
}

Status PostgresConnection::wait(short events, std::chrono::milliseconds patience)
{
    std::array<pollfd, 2> waits = {pollfd{.fd = PQsocket(handle()), .events = events, .revents = 0},
                                   pollfd{.fd = m_wake, .events = POLLIN, .revents = 0}};
    while (!m_cancel.isCancelled()) {
        const int count = poll(waits.data(), waits.size(), static_cast<int>(patience.count()));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(systemError(errno, "waiting for the server"));
        if (count == 0 || waits[0].revents != 0)
            return {};
    }
    return cancelled();
}

Status PostgresConnection::flush()
{
    while (true) {
        const int left = PQflush(handle());
        if (left == 0)
            return {};
        if (left < 0)
            return fail(postgresError(handle(), PostgresStage::Connected));
        FRESHET_TRY(wait(POLLIN | POLLOUT, kForEver));
        if (PQconsumeInput(handle()) == 0)
            return fail(postgresError(handle(), PostgresStage::Connected));
    }
}

Status PostgresConnection::receive()
{
    FRESHET_TRY(wait(POLLIN, kForEver));
    if (PQconsumeInput(handle()) == 0)
        return fail(postgresError(handle(), PostgresStage::Connected));
    return {};
}

Status PostgresConnection::sent(int isSent, std::string sql)
{
    if (isSent == 0)
        return fail(postgresError(handle(), PostgresStage::Connected));
    m_sql = std::move(sql);
    m_isBusy = true;
    return flush();
}

Result<PostgresResult> PostgresConnection::next()
{
    while (PQisBusy(handle()) != 0)
        FRESHET_TRY(receive());
    PostgresResult result(PQgetResult(handle()));
    if (!result)
        m_isBusy = false;
    return result;
}

Status PostgresConnection::check(const pg_result *result) const
{
    switch (PQresultStatus(result)) {
    case PGRES_FATAL_ERROR:
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
        return fail(postgresError(result, m_sql));
    default:
        return {};
    }
}

Result<PostgresResult> PostgresConnection::run(const std::string &sql)
{
    return run(sql, {});
}

Result<PostgresResult> PostgresConnection::run(const std::string &sql,
                                               const std::vector<std::string> &parameters)
{
    std::vector<const char *> values;
    for (const std::string &parameter : parameters)
        values.push_back(parameter.c_str());
    const int isSent =
        parameters.empty()
            ? PQsendQuery(handle(), sql.c_str())
            : PQsendQueryParams(handle(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                values.data(), nullptr, nullptr, 0);
    FRESHET_TRY(sent(isSent, sql));
    PostgresResult last;
    Status failed;
    while (true) {
        auto result = next();
        if (!result)
            return result;
        if (!*result)
            break;
        if (failed)
            failed = check(result->get());
        last = std::move(*result);
    }
    FRESHET_TRY(failed);
    return last;
}

Status PostgresConnection::beginReading()
{
    FRESHET_TRY(run("begin transaction isolation level repeatable read, read only"));
    return {};
}

/// Tell the server over a connection of its own; what comes of it does not matter.
void PostgresConnection::cancelStatement()
{
    if (PQstatus(handle()) == CONNECTION_BAD)
        return;
    const std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> request(PQgetCancel(handle()),
                                                                     &PQfreeCancel);
    std::array<char, 256> problem{};
    if (request)
        (void)PQcancel(request.get(), problem.data(), static_cast<int>(problem.size()));
}

void PostgresConnection::noteNotice(void *self, const pg_result *result)
{
    auto &connection = *static_cast<PostgresConnection *>(self);
    if (++connection.m_noticeCount <= kMostNotices)
        connection.m_notices.push_back(postgresNotice(result));
}

} // namespace freshet::transport
