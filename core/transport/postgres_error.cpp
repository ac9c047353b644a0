// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/postgres_error.h"

#include "transport/ascii.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace freshet::transport {

namespace {

constexpr std::string_view kReadOnly = "25006";

std::string fieldOf(const PGresult *result, int field)
{
    const char *const text = PQresultErrorField(result, field);
    return text == nullptr ? std::string() : std::string(text);
}

/// Whether another session, later, may get further.
bool isPassing(std::string_view sqlState)
{
    // 57014, a statement that was cancelled or took too long, would do so again.
    constexpr std::array<std::string_view, 5> kStarts = {"57P", "08", "40", "53300", "XX002"};
    return std::ranges::any_of(
        kStarts, [sqlState](std::string_view start) { return sqlState.starts_with(start); });
}

/// The byte where the character number `character`, from 1, of a UTF-8 text begins.
std::size_t byteOfCharacter(std::string_view text, std::size_t character)
{
    std::size_t seen = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool isStart = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
        if (isStart && ++seen == character)
            return at;
    }
    return text.size();
}

void pointInto(Error &error, std::string_view sql, const std::string &position)
{
    std::size_t character = 0;
    const auto [end, problem] =
        std::from_chars(position.data(), position.data() + position.size(), character);
    if (problem != std::errc() || character == 0)
        return;
    const std::size_t at = byteOfCharacter(sql, character);
    error.line = 1 + std::ranges::count(sql.substr(0, at), '\n');
    const std::string_view rest = sql.substr(at);
    error.excerpt = Error::excerptOf(rest.substr(0, rest.find('\n')));
    error.detail += " (character " + position + " of the query)";
}

std::string oneLine(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    std::ranges::replace(text, '\n', ' ');
    return text;
}

bool holdsAnyOf(const std::string &text, std::initializer_list<std::string_view> words)
{
    return std::ranges::any_of(
        words, [&text](std::string_view word) { return text.find(word) != std::string::npos; });
}

} // namespace

Error postgresError(const pg_result *result, std::string_view sql)
{
    const std::string sqlState = fieldOf(result, PG_DIAG_SQLSTATE);
    Error error{.code =
                    isPassing(sqlState) ? ErrorCode::ConnectionLost : ErrorCode::DatabaseRefused};
    const std::string severity = fieldOf(result, PG_DIAG_SEVERITY);
    const std::string message = fieldOf(result, PG_DIAG_MESSAGE_PRIMARY);
    if (sqlState.empty()) { // made by libpq itself
        error.code = ErrorCode::ConnectionLost;
        error.detail = oneLine(PQresultErrorMessage(result));
        return error;
    }
    if (sqlState == kReadOnly)
        error.detail = "the statement would write, and Freshet only reads: ";
    error.detail += severity + ' ' + sqlState + ": " + message;
    if (const auto detail = fieldOf(result, PG_DIAG_MESSAGE_DETAIL); !detail.empty())
        error.detail += "; " + detail;
    if (const auto hint = fieldOf(result, PG_DIAG_MESSAGE_HINT); !hint.empty())
        error.detail += "; hint: " + hint;
    pointInto(error, sql, fieldOf(result, PG_DIAG_STATEMENT_POSITION));
    return error;
}

Error postgresError(const pg_conn *connection, PostgresStage stage)
{
    Error error{.code = ErrorCode::ConnectFailed, .detail = oneLine(PQerrorMessage(connection))};
    const std::string words = lowered(error.detail);
    // libpq tells no codes of failed connections: its words, or the server's, are all there is.
    if (stage == PostgresStage::Connected)
        error.code = ErrorCode::ConnectionLost;
    else if (holdsAnyOf(words, {"could not translate host name"}))
        error.code = ErrorCode::ResolveFailed;
    else if (holdsAnyOf(words, {"ssl error", "ssl connection", "does not support ssl",
                                "certificate", "root.crt"}))
        error.code = ErrorCode::TlsFailed;
    else if (holdsAnyOf(words, {"starting up", "shutting down", "recovery mode", "too many clients",
                                "remaining connection slots", "not yet accepting"}))
        error.code = ErrorCode::ConnectFailed;
    else if (stage == PostgresStage::Talking &&
             holdsAnyOf(words, {"fatal", "authentication", "password", "database"}))
        error.code = ErrorCode::DatabaseRefused;
    if (PQconnectionNeedsPassword(connection) != 0)
        error.detail += "; the server wants a password: give it in the URL, in PGPASSWORD or in "
                        "~/.pgpass";
    return error;
}

std::string postgresNotice(const pg_result *result)
{
    std::string text =
        fieldOf(result, PG_DIAG_SEVERITY) + ": " + fieldOf(result, PG_DIAG_MESSAGE_PRIMARY);
    if (const auto detail = fieldOf(result, PG_DIAG_MESSAGE_DETAIL); !detail.empty())
        text += "; " + detail;
    return oneLine(text);
}

} // namespace freshet::transport
