// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transfer/download_request.h"

namespace freshet::cli {

inline constexpr Option kSqlOption{"sql", '\0', "TEXT|@FILE",
                                   "PostgreSQL: the query, or a file that holds it"};
inline constexpr Option kTableOption{"table", '\0', "[SCHEMA.]NAME",
                                     "PostgreSQL: all of a table, spelled exactly"};
inline constexpr Option kViaOption{"via", '\0', "copy|cursor|keyset",
                                   "PostgreSQL: how the rows come (default: copy)"};
inline constexpr Option kTimeoutOption{"timeout", '\0', "SECONDS",
                                       "PostgreSQL: the server stops the query after so long"};
inline constexpr Option kBatchRowsOption{"batch-rows", '\0', "N",
                                         "PostgreSQL: rows of one fetch or page (default: 50000)"};

/// What the options above and --key say of a request whose URL is there already. Errors:
/// InvalidArgument in words for the user, also for a URL that is not of PostgreSQL; those of
/// reading the file.
[[nodiscard]] Status readPostgres(const Arguments &arguments, transfer::DownloadRequest &request);

} // namespace freshet::cli
