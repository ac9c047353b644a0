// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/pg_time.h"

#include <cstdlib>

namespace freshet::decode {

namespace {

using columnar::kMicrosPerDay;
using columnar::kMicrosPerSecond;

constexpr std::string_view kInfinity = "infinity";
constexpr std::string_view kMinusInfinity = "-infinity";

template <typename Number>
bool isInfinity(Number value)
{
    return value == std::numeric_limits<Number>::max();
}
template <typename Number>
bool isMinusInfinity(Number value)
{
    return value == std::numeric_limits<Number>::min();
}

void appendPadded(std::string &out, std::uint64_t number, std::size_t width)
{
    const std::string digits = std::to_string(number);
    if (digits.size() < width)
        out.append(width - digits.size(), '0');
    out += digits;
}

/// `HH:MM:SS[.f]` of a magnitude; hours may have more digits.
void appendClock(std::string &out, std::uint64_t micros)
{
    const std::uint64_t seconds = micros / kMicrosPerSecond;
    appendPadded(out, seconds / 3600, 2);
    out += ':';
    appendPadded(out, seconds / 60 % 60, 2);
    out += ':';
    appendPadded(out, seconds % 60, 2);
    if (const std::uint64_t fraction = micros % kMicrosPerSecond; fraction != 0) {
        out += '.';
        appendPadded(out, fraction, 6);
        out.erase(out.find_last_not_of('0') + 1);
    }
}

/// The day without its era. Output: whether that is before Christ.
bool appendDay(std::string &out, std::int64_t daysFrom2000)
{
    const auto date = columnar::civilFromDays(daysFrom2000 + kDaysTo2000);
    const bool isBefore = date.year <= 0; // the year 0 is 1 BC
    appendPadded(out, static_cast<std::uint64_t>(isBefore ? 1 - date.year : date.year), 4);
    out += '-';
    appendPadded(out, static_cast<std::uint64_t>(date.month), 2);
    out += '-';
    appendPadded(out, static_cast<std::uint64_t>(date.day), 2);
    return isBefore;
}

std::uint64_t magnitude(std::int64_t value)
{
    return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

} // namespace

std::string dateText(std::int32_t days)
{
    if (isInfinity(days))
        return std::string(kInfinity);
    if (isMinusInfinity(days))
        return std::string(kMinusInfinity);
    std::string text;
    if (appendDay(text, days))
        text += " BC";
    return text;
}

std::string timeText(std::int64_t micros)
{
    std::string text = micros < 0 ? "-" : "";
    appendClock(text, magnitude(micros));
    return text;
}

std::string timeTzText(std::int64_t micros, std::int32_t secondsWest)
{
    std::string text = timeText(micros);
    text += secondsWest > 0 ? '-' : '+';
    const std::uint64_t seconds = magnitude(secondsWest);
    appendPadded(text, seconds / 3600, 2);
    if (seconds % 3600 != 0) {
        text += ':';
        appendPadded(text, seconds / 60 % 60, 2);
    }
    if (seconds % 60 != 0) {
        text += ':';
        appendPadded(text, seconds % 60, 2);
    }
    return text;
}

std::string timestampText(std::int64_t micros, bool hasZone)
{
    if (isInfinity(micros))
        return std::string(kInfinity);
    if (isMinusInfinity(micros))
        return std::string(kMinusInfinity);
    std::int64_t days = micros / kMicrosPerDay;
    std::int64_t rest = micros % kMicrosPerDay;
    if (rest < 0) {
        rest += kMicrosPerDay;
        --days;
    }
    std::string text;
    const bool isBefore = appendDay(text, days);
    text += ' ';
    appendClock(text, static_cast<std::uint64_t>(rest));
    if (hasZone)
        text += "+00";
    if (isBefore)
        text += " BC";
    return text;
}

std::string intervalText(const PgInterval &interval)
{
    if (isInfinity(interval.micros) && isInfinity(interval.days) && isInfinity(interval.months))
        return std::string(kInfinity);
    if (isMinusInfinity(interval.micros) && isMinusInfinity(interval.days) &&
        isMinusInfinity(interval.months))
        return std::string(kMinusInfinity);
    std::string text;
    bool isBehindNegative = false;
    const auto appendPart = [&](std::int64_t value, std::string_view unit) {
        if (value == 0)
            return;
        if (!text.empty())
            text += ' ';
        if (isBehindNegative && value > 0)
            text += '+';
        text += std::to_string(value) + ' ';
        text += unit;
        if (value != 1)
            text += 's';
        isBehindNegative = value < 0;
    };
    appendPart(interval.months / 12, "year");
    appendPart(interval.months % 12, "mon");
    appendPart(interval.days, "day");
    if (text.empty() || interval.micros != 0) {
        if (!text.empty())
            text += ' ';
        if (interval.micros < 0)
            text += '-';
        else if (isBehindNegative)
            text += '+';
        appendClock(text, magnitude(interval.micros));
    }
    return text;
}

} // namespace freshet::decode
