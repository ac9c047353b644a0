// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/retry_after.h"

#include "transport/transport.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace freshet::transport {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t";
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Reads a date from left to right; once something does not fit, everything after fails too.
class DateReader
{
public:
    explicit DateReader(std::string_view text) : m_rest(text) {}

    bool take(std::string_view word)
    {
        if (!m_rest.starts_with(word))
            return false;
        m_rest.remove_prefix(word.size());
        return true;
    }
    /// A number of at least `least` and at most `most` digits.
    std::optional<int> number(std::size_t least, std::size_t most)
    {
        std::size_t size = 0;
        int value = 0;
        while (size < most && size < m_rest.size() && isDigit(m_rest[size]))
            value = value * 10 + (m_rest[size++] - '0');
        if (size < least)
            return std::nullopt;
        m_rest.remove_prefix(size);
        return value;
    }
    std::optional<unsigned> month()
    {
        for (unsigned i = 0; i < kMonths.size(); ++i) {
            if (take(kMonths[i]))
                return i + 1;
        }
        return std::nullopt;
    }
    /// `Sun` or `Sunday`, whichever stands there.
    bool dayName()
    {
        for (const std::string_view day : kDays) {
            if (take(day) || take(day.substr(0, 3)))
                return true;
        }
        return false;
    }
    std::optional<seconds> timeOfDay()
    {
        const auto hour = number(2, 2);
        if (!hour || !take(":"))
            return std::nullopt;
        const auto minute = number(2, 2);
        if (!minute || !take(":"))
            return std::nullopt;
        const auto second = number(2, 2);
        // 60 is a leap second, which the clock here does not know.
        if (!second || *hour > 23 || *minute > 59 || *second > 60)
            return std::nullopt;
        return hours(*hour) + minutes(*minute) + seconds(std::min(*second, 59));
    }
    bool utc() { return take(" GMT") || take(" UTC"); }
    [[nodiscard]] bool isAtEnd() const { return m_rest.empty(); }

private:
    std::string_view m_rest;
};

std::optional<HttpTime> assembled(int yearNumber, std::optional<unsigned> monthNumber,
                                  std::optional<int> dayNumber, std::optional<seconds> time)
{
    if (!monthNumber || !dayNumber || !time)
        return std::nullopt;
    const year_month_day date{year(yearNumber), month(*monthNumber),
                              day(static_cast<unsigned>(*dayNumber))};
    if (!date.ok())
        return std::nullopt;
    return sys_days(date) + *time;
}

/// `06 Nov 1994 08:49:37 GMT`, behind `Sun, `
std::optional<HttpTime> readFixdate(DateReader reader)
{
    const auto dayNumber = reader.number(1, 2);
    if (!reader.take(" "))
        return std::nullopt;
    const auto monthNumber = reader.month();
    if (!reader.take(" "))
        return std::nullopt;
    const auto yearNumber = reader.number(4, 4);
    if (!yearNumber || !reader.take(" "))
        return std::nullopt;
    const auto time = reader.timeOfDay();
    if (!reader.utc() || !reader.isAtEnd())
        return std::nullopt;
    return assembled(*yearNumber, monthNumber, dayNumber, time);
}

/// `06-Nov-94 08:49:37 GMT`, behind `Sunday, `
std::optional<HttpTime> readRfc850(DateReader reader, HttpTime now)
{
    const auto dayNumber = reader.number(2, 2);
    if (!reader.take("-"))
        return std::nullopt;
    const auto monthNumber = reader.month();
    if (!reader.take("-"))
        return std::nullopt;
    const auto shortYear = reader.number(2, 2);
    if (!shortYear || !reader.take(" "))
        return std::nullopt;
    const auto time = reader.timeOfDay();
    if (!reader.utc() || !reader.isAtEnd())
        return std::nullopt;
    // A date that appears to be more than 50 years ahead is the latest such year in the past.
    const int thisYear = static_cast<int>(year_month_day(floor<days>(now)).year());
    int yearNumber = thisYear - thisYear % 100 + *shortYear;
    if (yearNumber > thisYear + 50)
        yearNumber -= 100;
    return assembled(yearNumber, monthNumber, dayNumber, time);
}

/// `Nov  6 08:49:37 1994`, behind `Sun `
std::optional<HttpTime> readAsctime(DateReader reader)
{
    const auto monthNumber = reader.month();
    if (!reader.take(" "))
        return std::nullopt;
    reader.take(" ");
    const auto dayNumber = reader.number(1, 2);
    if (!reader.take(" "))
        return std::nullopt;
    const auto time = reader.timeOfDay();
    if (!reader.take(" "))
        return std::nullopt;
    const auto yearNumber = reader.number(4, 4);
    if (!yearNumber || !reader.isAtEnd())
        return std::nullopt;
    return assembled(*yearNumber, monthNumber, dayNumber, time);
}

} // namespace

std::optional<HttpTime> parseHttpDate(std::string_view text, HttpTime now)
{
    DateReader reader(trimmed(text));
    if (!reader.dayName())
        return std::nullopt;
    if (!reader.take(","))
        return reader.take(" ") ? readAsctime(reader) : std::nullopt;
    if (!reader.take(" "))
        return std::nullopt;
    if (const auto date = readFixdate(reader))
        return date;
    return readRfc850(reader, now);
}

std::optional<seconds> parseRetryAfter(std::string_view value, HttpTime now)
{
    value = trimmed(value);
    if (!value.empty() && std::all_of(value.begin(), value.end(), isDigit)) {
        std::int64_t delay = 0;
        const auto read = std::from_chars(value.data(), value.data() + value.size(), delay);
        // More digits than fit are more seconds than anyone waits.
        if (read.ec != std::errc())
            return kMaxRetryAfter;
        return std::min(seconds(delay), kMaxRetryAfter);
    }
    const auto date = parseHttpDate(value, now);
    if (!date)
        return std::nullopt;
    return std::clamp(*date - now, seconds(0), kMaxRetryAfter);
}

std::optional<seconds> retryAfterOf(const ResponseHead *head)
{
    const auto value = head == nullptr ? std::nullopt : findHeader(head->headers, "Retry-After");
    return value ? parseRetryAfter(*value, floor<seconds>(system_clock::now())) : std::nullopt;
}

} // namespace freshet::transport
