// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/call_timeout.h"

#include <charconv>
#include <cstdint>

namespace freshet::transport {

namespace {

using std::chrono::milliseconds;

std::optional<milliseconds> inUnits(std::int64_t count, std::string_view unit)
{
    if (unit == "H")
        return std::chrono::hours(count);
    if (unit == "M")
        return std::chrono::minutes(count);
    if (unit == "S")
        return std::chrono::seconds(count);
    if (unit == "m")
        return milliseconds(count);
    if (unit == "u" || unit == "n")
        return milliseconds(1);
    return std::nullopt;
}

} // namespace

std::optional<milliseconds> callTimeoutIn(const std::vector<Header> &headers)
{
    constexpr std::int64_t kMost = 99'999'999; // eight digits; Connect allows ten of milliseconds
    const auto grpc = findHeader(headers, "Grpc-Timeout");
    const auto connect = findHeader(headers, "Connect-Timeout-Ms");
    if (!grpc && !connect)
        return std::nullopt;
    const std::string_view text = grpc ? *grpc : *connect;
    std::int64_t count = 0;
    const char *const last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, count);
    if (problem != std::errc() || count < 0 || count > (grpc ? kMost : kMost * 100))
        return std::nullopt;
    return inUnits(count, grpc ? std::string_view(end, std::size_t(last - end))
                               : std::string_view(end == last ? "m" : ""));
}

} // namespace freshet::transport
