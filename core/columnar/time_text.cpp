// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/time_text.h"

#include "columnar/digits.h"

#include <array>

namespace freshet::columnar {

namespace {

constexpr std::size_t kDateLength = 10; // 2024-05-31
constexpr std::size_t kTimeLength = 8;  // 23:59:59

/// The number of `count` digits at `at`, or -1.
int digitsAt(const char *at, int count)
{
    int value = 0;
    for (int i = 0; i < count; ++i) {
        const auto digit = static_cast<unsigned>(at[i] - '0');
        if (digit > 9)
            return -1;
        value = value * 10 + static_cast<int>(digit);
    }
    return value;
}

bool isLeapYear(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int daysInMonth(int year, int month)
{
    constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeapYear(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

/// Take the date at the start of `text`; false if there is none.
bool takeDate(std::string_view &text, std::int64_t &days)
{
    if (text.size() < kDateLength || text[4] != '-' || text[7] != '-')
        return false;
    const int year = digitsAt(text.data(), 4);
    const int month = digitsAt(text.data() + 5, 2);
    const int day = digitsAt(text.data() + 8, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
        return false;
    days = daysFromCivil({year, month, day});
    text.remove_prefix(kDateLength);
    return true;
}

/// Take a point and one to six digits, if there is a point.
bool takeFraction(std::string_view &text, std::int64_t &micros, std::uint8_t &fractionDigits)
{
    if (text.empty() || text.front() != '.')
        return true;
    std::size_t count = 0;
    std::int64_t fraction = 0;
    while (count + 1 < text.size() && text[count + 1] >= '0' && text[count + 1] <= '9') {
        if (count == 6)
            return false;
        fraction = fraction * 10 + (text[count + 1] - '0');
        ++count;
    }
    if (count == 0)
        return false;
    for (std::size_t i = count; i < 6; ++i)
        fraction *= 10;
    micros += fraction;
    fractionDigits = static_cast<std::uint8_t>(count);
    text.remove_prefix(count + 1);
    return true;
}

bool takeClock(std::string_view &text, std::int64_t &micros, std::uint8_t &fractionDigits)
{
    if (text.size() < kTimeLength || text[2] != ':' || text[5] != ':')
        return false;
    const int hour = digitsAt(text.data(), 2);
    const int minute = digitsAt(text.data() + 3, 2);
    const int second = digitsAt(text.data() + 6, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    micros = (hour * 3600 + minute * 60 + second) * kMicrosPerSecond;
    text.remove_prefix(kTimeLength);
    return takeFraction(text, micros, fractionDigits);
}

bool takeZone(std::string_view &text, TimeForm::Zone &zone)
{
    if (text.empty())
        zone = TimeForm::Zone::None;
    else if (text == "Z")
        zone = TimeForm::Zone::Z;
    else if (text == "+00:00")
        zone = TimeForm::Zone::Offset;
    else
        return false;
    return true;
}

TimeText parseClock(std::string_view text)
{
    TimeText parsed{.kind = TypeKind::Time};
    if (!takeClock(text, parsed.value, parsed.form.fractionDigits) || !text.empty())
        return {};
    return parsed;
}

char *writeClock(char *out, std::int64_t micros, int fractionDigits)
{
    const auto seconds = static_cast<std::uint64_t>(micros / kMicrosPerSecond);
    const auto fraction = static_cast<std::uint64_t>(micros % kMicrosPerSecond);
    const std::uint64_t hours = seconds / 3600;
    out = hours < 100 ? writeTwoDigits(out, static_cast<unsigned>(hours)) : writeDigits(out, hours);
    *out++ = ':';
    out = writeTwoDigits(out, static_cast<unsigned>(seconds / 60 % 60));
    *out++ = ':';
    out = writeTwoDigits(out, static_cast<unsigned>(seconds % 60));
    if (fractionDigits == 0)
        return out;
    *out++ = '.';
    std::array<char, 6> digits;
    writePaddedDigits(digits.data(), fraction, 6);
    std::memcpy(out, digits.data(), static_cast<std::size_t>(fractionDigits));
    return out + fractionDigits;
}

char *writeYear(char *out, std::int64_t year)
{
    if (year < 0 || year > 9999) {
        *out++ = year < 0 ? '-' : '+';
        year = year < 0 ? -year : year;
    }
    const auto value = static_cast<std::uint64_t>(year);
    if (value > 9999)
        return writeDigits(out, value);
    out = writeTwoDigits(out, static_cast<unsigned>(value / 100));
    return writeTwoDigits(out, static_cast<unsigned>(value % 100));
}

} // namespace

std::int64_t daysFromCivil(CivilDate date)
{
    const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t yearOfEra = year - era * 400;
    const int shiftedMonth = date.month + (date.month > 2 ? -3 : 9); // from March
    const std::int64_t dayOfYear = (153 * shiftedMonth + 2) / 5 + date.day - 1;
    const std::int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146'097 + dayOfEra - 719'468;
}

CivilDate civilFromDays(std::int64_t days)
{
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const auto dayOfEra = static_cast<std::uint32_t>(days - era * 146'097);
    const std::uint32_t yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::uint32_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::uint32_t shiftedMonth = (5 * dayOfYear + 2) / 153;
    const auto day = static_cast<int>(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1);
    const auto month = static_cast<int>(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9);
    return {static_cast<std::int64_t>(yearOfEra) + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

TimeText parseTime(std::string_view text)
{
    // Nearly all text is ruled out here: a digit first, then `-` or `:` at its place.
    if (text.size() < kTimeLength || static_cast<unsigned char>(text.front() - '0') > 9)
        return {};
    if (text[2] == ':')
        return parseClock(text);

    TimeText parsed{.kind = TypeKind::Date};
    std::int64_t days = 0;
    if (!takeDate(text, days))
        return {};
    parsed.value = days;
    if (text.empty())
        return parsed;

    parsed.kind = TypeKind::Timestamp;
    parsed.form.separator = text.front();
    if (parsed.form.separator != 'T' && parsed.form.separator != ' ')
        return {};
    text.remove_prefix(1);
    std::int64_t micros = 0;
    if (!takeClock(text, micros, parsed.form.fractionDigits) || !takeZone(text, parsed.form.zone))
        return {};
    parsed.value = days * kMicrosPerDay + micros;
    return parsed;
}

char *writeDate(char *out, std::int64_t days)
{
    const CivilDate date = civilFromDays(days);
    out = writeYear(out, date.year);
    *out++ = '-';
    out = writeTwoDigits(out, static_cast<unsigned>(date.month));
    *out++ = '-';
    return writeTwoDigits(out, static_cast<unsigned>(date.day));
}

char *writeTime(char *out, std::int64_t micros, TimeForm form)
{
    if (micros < 0) {
        *out++ = '-';
        micros = micros == INT64_MIN ? INT64_MAX : -micros;
    }
    return writeClock(out, micros, form.fractionDigits);
}

char *writeTimestamp(char *out, std::int64_t micros, TimeForm form)
{
    std::int64_t days = micros / kMicrosPerDay;
    std::int64_t rest = micros % kMicrosPerDay;
    if (rest < 0) {
        rest += kMicrosPerDay;
        --days;
    }
    out = writeDate(out, days);
    *out++ = form.separator;
    out = writeClock(out, rest, form.fractionDigits);
    if (form.zone == TimeForm::Zone::Z) {
        *out++ = 'Z';
    } else if (form.zone == TimeForm::Zone::Offset) {
        std::memcpy(out, "+00:00", 6);
        out += 6;
    }
    return out;
}

} // namespace freshet::columnar
