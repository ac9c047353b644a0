// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

struct pg_conn;
struct pg_result;

namespace freshet::transport {

/// How far a connection came before it failed, which tells whose refusal it is.
enum class PostgresStage { Reaching, Talking, Connected };

/// What a failed result says: severity, SQLSTATE, message, detail and hint. Where it points into
/// `sql`, the statement as it was sent, `line` and `excerpt` are the place.
///
/// Codes: ConnectionLost where the server ended the session or could not go on with it (class 57P,
/// 40, 08, 53300), so that another try may do better; else DatabaseRefused.
/// Source: PostgreSQL 15, appendix A, "PostgreSQL Error Codes".
[[nodiscard]] Error postgresError(const pg_result *result, std::string_view sql);
/// The connection's own failure, where there is no result. Passwords are never in it.
[[nodiscard]] Error postgresError(const pg_conn *connection, PostgresStage stage);
/// A notice in one line: `NOTICE: …`.
[[nodiscard]] std::string postgresNotice(const pg_result *result);

} // namespace freshet::transport
