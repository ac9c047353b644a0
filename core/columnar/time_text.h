// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/logical_type.h"

#include <cstdint>
#include <string_view>

namespace freshet::columnar {

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

/// A day of the proleptic Gregorian calendar.
struct CivilDate
{
    std::int64_t year = 1970;
    int month = 1; ///< 1 to 12
    int day = 1;   ///< 1 to 31
};

/// Source: H. Hinnant, chrono-Compatible Low-Level Date Algorithms. Units: days since 1970-01-01.
[[nodiscard]] std::int64_t daysFromCivil(CivilDate date);
[[nodiscard]] CivilDate civilFromDays(std::int64_t days);

/// A text read as date, time or timestamp.
struct TimeText
{
    TypeKind kind = TypeKind::Null; ///< Null: it is none of these
    TimeForm form;                  ///< Time and Timestamp
    std::int64_t value = 0;         ///< days for a Date, else microseconds
};

/// Read `YYYY-MM-DD`, `HH:MM:SS[.f]` or both with `T` or a blank between them and `Z` or `+00:00`
/// or nothing behind. Strict: years 0001 to 9999, days that exist, at most six fraction digits, no
/// leap second; anything that writing would not give back byte for byte is not taken.
/// Source: ISO 8601-1, RFC 3339.
[[nodiscard]] TimeText parseTime(std::string_view text);

/// Write as `form` says. Output: one past the last byte. Beyond the years 0001 to 9999, which only
/// queries bring, the year has a sign and at least four digits. At most 40 bytes.
char *writeDate(char *out, std::int64_t days);
char *writeTime(char *out, std::int64_t micros, TimeForm form);
char *writeTimestamp(char *out, std::int64_t micros, TimeForm form);

} // namespace freshet::columnar
