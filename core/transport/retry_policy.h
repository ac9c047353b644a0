// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <chrono>
#include <optional>
#include <random>
#include <string_view>

namespace freshet::transport {

/// When a failed request is tried again, and how long that waits.
struct RetryPolicy
{
    /// Tries after the first one; 0 switches retrying off.
    int maxRetries = 5;
    /// The wait before the first retry; each further one waits twice as long.
    std::chrono::milliseconds firstDelay{500};
    std::chrono::milliseconds maxDelay{60'000};
    /// All waits together. A server that asks for more is not waited for.
    std::chrono::milliseconds budget{15 * 60'000};
    /// The source may be asked again although its method is not idempotent.
    bool isSafe = false;

    /// Errors: InvalidArgument naming the field.
    [[nodiscard]] Status validate() const;
};

/// Whether sending a request of this method twice has the effect of sending it once.
/// Source: RFC 9110 §9.2.2.
[[nodiscard]] bool isIdempotent(std::string_view method);

/// Whether the same request may succeed later: a lost connection, a time-out, 408, 425, 429, 500,
/// 502, 503, 504. Errors of ours, of the request or of the content are not.
[[nodiscard]] bool isTransient(const Error &error);

/// Counts the tries of one download and says how long to wait before the next.
///
/// The delay doubles with each failure in a row and is spread evenly over its upper half, so that
/// many clients do not come back in step; a Retry-After replaces it. Progress starts the delays,
/// though not the budget, again from the first. Threads: one thread at a time.
class RetrySchedule
{
public:
    RetrySchedule(const RetryPolicy &policy, std::string_view method, std::uint32_t seed);

    /// The wait before the next try, or nothing: give up with this error.
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    delayAfter(const Error &error, std::optional<std::chrono::seconds> retryAfter);
    /// Bytes arrived: the next failure is not one in a row.
    void noteProgress() { m_inARow = 0; }

    [[nodiscard]] int retries() const { return m_retries; }

private:
    RetryPolicy m_policy;
    bool m_mayRepeat;
    std::minstd_rand m_random;
    int m_retries = 0;
    int m_inARow = 0;
    std::chrono::milliseconds m_waited{0};
};

} // namespace freshet::transport
