// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace freshet::transport {

/// Seconds are the unit of every HTTP date.
using HttpTime = std::chrono::sys_seconds;

/// Read an HTTP-date: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or
/// `Sun Nov  6 08:49:37 1994`; also a one-digit day and `UTC`, which servers send. Always UTC.
/// Source: RFC 9110 §5.6.7; two-digit years by the 50-year rule, seen from `now`.
[[nodiscard]] std::optional<HttpTime> parseHttpDate(std::string_view text, HttpTime now);

/// The longest wait that a server can ask of us.
inline constexpr std::chrono::seconds kMaxRetryAfter{6 * 60 * 60};

/// How long to wait by a Retry-After value: delay-seconds (digits only) or an HTTP-date, which may
/// lie in the past (no wait). Capped at `kMaxRetryAfter`. Nothing if the value is not valid: then
/// the caller's own back-off holds. Source: RFC 9110 §10.2.3.
[[nodiscard]] std::optional<std::chrono::seconds> parseRetryAfter(std::string_view value,
                                                                  HttpTime now);

struct ResponseHead;

/// What `head` (null: there is none) says by Retry-After, seen from now.
[[nodiscard]] std::optional<std::chrono::seconds> retryAfterOf(const ResponseHead *head);

} // namespace freshet::transport
