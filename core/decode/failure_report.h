// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
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

/// Whether a text that is no row of its format reads like a program's last words: `Error: …`,
/// `502 Bad Gateway`, `java.lang.OutOfMemoryError: …`, `Traceback (most recent call last):`. A hint
/// only: it counts where nothing but more of its kind follows.
[[nodiscard]] bool readsLikeFailure(std::string_view badRow);

/// An object that holds nothing but what reports of failures hold: message, code, status, time …
struct FailureObject
{
    std::vector<std::string> members; ///< all of them, in their order
    std::vector<std::string> telling; ///< of these, the ones that say that something failed
    /// One of them is there for nothing else (`error`, `exception` …) or says so in words
    /// (`"status": "error"`, `"success": false`, a status of 400 and more with a message). If not,
    /// only its being unlike the rows tells.
    bool isCertain = false;
};

/// The report that the object `json` is; nothing for all other texts. Whether earlier rows look the
/// same is the caller's to know.
[[nodiscard]] std::optional<FailureObject> failureObjectIn(std::string_view json);

/// Whether an object may be such a report, by its first member's name: cheap, and true for all that
/// are. `opening` starts with `{` and is followed by what ends the search.
[[nodiscard]] bool mayOpenFailure(const char *opening);

} // namespace freshet::decode
