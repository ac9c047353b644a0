// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/retry_policy.h"

#include "transport/grpc_status.h"

#include <algorithm>
#include <array>

namespace freshet::transport {

using std::chrono::milliseconds;

Status RetryPolicy::validate() const
{
    if (maxRetries < 0)
        return fail(ErrorCode::InvalidArgument, "retries: a count from 0 on");
    if (firstDelay < milliseconds(1) || maxDelay < firstDelay)
        return fail(ErrorCode::InvalidArgument,
                    "retry delay: from 1 ms on, and the longest not shorter than the first");
    if (budget < milliseconds(0))
        return fail(ErrorCode::InvalidArgument, "retry budget: a time from 0 on");
    return {};
}

bool isIdempotent(std::string_view method)
{
    constexpr std::array<std::string_view, 6> kIdempotent = {"GET",   "HEAD", "OPTIONS",
                                                             "TRACE", "PUT",  "DELETE"};
    return std::find(kIdempotent.begin(), kIdempotent.end(), method) != kIdempotent.end();
}

bool isTransient(const Error &error)
{
    switch (error.code) {
    case ErrorCode::ResolveFailed:
    case ErrorCode::ConnectFailed:
    case ErrorCode::Timeout:
    case ErrorCode::ConnectionLost:
    // A body whose coding breaks off is a connection that broke off behind a proxy.
    case ErrorCode::CodingTruncated:
        return true;
    case ErrorCode::HttpStatus: {
        constexpr std::array kTransient = {408, 425, 429, 500, 502, 503, 504};
        return std::find(kTransient.begin(), kTransient.end(), error.nativeCode) !=
               kTransient.end();
    }
    case ErrorCode::GrpcStatus:
        return error.nativeCode == kGrpcUnavailable;
    default:
        return false;
    }
}

RetrySchedule::RetrySchedule(const RetryPolicy &policy, std::string_view method, std::uint32_t seed)
    : m_policy(policy), m_mayRepeat(policy.isSafe || isIdempotent(method)), m_random(seed)
{}

std::optional<milliseconds>
RetrySchedule::delayAfter(const Error &error, std::optional<std::chrono::seconds> retryAfter)
{
    if (!m_mayRepeat || m_retries >= m_policy.maxRetries || !isTransient(error))
        return std::nullopt;
    milliseconds delay = m_policy.firstDelay;
    for (int i = 0; i < m_inARow && delay < m_policy.maxDelay; ++i)
        delay *= 2;
    delay = std::min(delay, m_policy.maxDelay);
    std::uniform_int_distribution<milliseconds::rep> spread(delay.count() / 2, delay.count());
    delay = retryAfter ? milliseconds(*retryAfter) : milliseconds(spread(m_random));
    if (m_waited + delay > m_policy.budget)
        return std::nullopt;
    m_waited += delay;
    ++m_retries;
    ++m_inARow;
    return delay;
}

} // namespace freshet::transport
