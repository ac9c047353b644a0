// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/postgres_connection.h"
#include "transport/postgres_statement.h"

#include <string>
#include <vector>

namespace freshet::transport {

/// Ask the server what columns the query gives, without running it, and decide how each is sent:
/// types with a binary rule of ours and enums as they are, arrays and composites as the JSON that
/// the server makes of them, all others as the text that their output function writes.
///
/// Within a transaction that cannot write. A statement that is no query is tried in it, so that the
/// server says what it thinks of it.
/// Errors: those of the server; InvalidArgument for a statement that gives no rows, or has
/// parameters.
[[nodiscard]] Result<std::vector<QueryColumn>> describeQuery(PostgresConnection &connection,
                                                             const std::string &sql);

} // namespace freshet::transport
