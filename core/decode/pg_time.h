// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/time_text.h"

#include <cstdint>
#include <limits>
#include <string>

namespace freshet::decode {

/// PostgreSQL counts from 2000-01-01; these make it 1970-01-01.
inline constexpr std::int64_t kDaysTo2000 = 10'957;
inline constexpr std::int64_t kMicrosTo2000 = kDaysTo2000 * columnar::kMicrosPerDay;

/// Days from 2000-01-01 to 0001-01-01, and to 10000-01-01.
inline constexpr std::int64_t kFirstDay = -730'119;
inline constexpr std::int64_t kEndDay = 2'921'940;

/// Whether the value lies in the years 1 to 9999, which excludes the infinities.
[[nodiscard]] constexpr bool isPlainDate(std::int32_t days)
{
    return days >= kFirstDay && days < kEndDay;
}
[[nodiscard]] constexpr bool isPlainTimestamp(std::int64_t micros)
{
    return micros >= kFirstDay * columnar::kMicrosPerDay &&
           micros < kEndDay * columnar::kMicrosPerDay;
}
/// Whether the value is before the end of the day, which 24:00:00 is not.
[[nodiscard]] constexpr bool isPlainTime(std::int64_t micros)
{
    return micros >= 0 && micros < columnar::kMicrosPerDay;
}

/// An interval, whose parts do not turn into each other.
struct PgInterval
{
    std::int64_t micros = 0;
    std::int32_t days = 0;
    std::int32_t months = 0;
};

/// As psql writes them with DateStyle ISO, IntervalStyle postgres and the time zone UTC:
/// `0044-03-15 BC`, `infinity`, `24:00:00`, `12:00:00.5+05:30`, `1 year 2 mons -3 days +04:05:06`.
/// Source: PostgreSQL 15, src/backend/utils/adt/datetime.c.
[[nodiscard]] std::string dateText(std::int32_t days);
[[nodiscard]] std::string timeText(std::int64_t micros);
/// `secondsWest` of Greenwich.
[[nodiscard]] std::string timeTzText(std::int64_t micros, std::int32_t secondsWest);
[[nodiscard]] std::string timestampText(std::int64_t micros, bool hasZone);
[[nodiscard]] std::string intervalText(const PgInterval &interval);

} // namespace freshet::decode
