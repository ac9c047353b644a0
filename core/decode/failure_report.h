// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// A server that fails in the middle of an answer it began with status 200 can only say so inside
/// of the data. These tell such a report from rows, which may have columns called `error`, too.

/// Whether `text` starts as ClickHouse writes an exception into a stream of any format:
/// `Code: 395. DB::Exception: …` or the line `__exception__`.
[[nodiscard]] bool startsWithException(std::string_view text);

/// Whether a text that is no row of its format holds such an exception, which may follow half a
/// row.
[[nodiscard]] bool holdsException(std::string_view badRow);

/// The members by which the object `json` reports a failure (`error`, `exception` …), if it holds
/// nothing but what such reports hold: message, code, status, time, path …; else none. Whether
/// earlier rows have them as columns is the caller's to know.
[[nodiscard]] std::vector<std::string> failureMembersIn(std::string_view json);

} // namespace freshet::decode
