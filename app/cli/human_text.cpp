// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/human_text.h"

#include "transfer/verdict.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace freshet::cli {

namespace {

template <typename... Values>
std::string formatted(const char *format, Values... values)
{
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), format, values...);
    return {text.data(), static_cast<std::size_t>(std::clamp(size, 0, 63))};
}

} // namespace

std::string sizeText(ByteCount size)
{
    if (size.value() < 1000)
        return std::to_string(size.value()) + " B";
    constexpr std::array kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
    double amount = static_cast<double>(size.value()) / 1000;
    std::size_t unit = 0;
    while (amount >= 999.5 && unit + 1 < kUnits.size()) {
        amount /= 1000;
        ++unit;
    }
    return formatted(amount < 99.95 ? "%.1f %s" : "%.0f %s", amount, kUnits[unit]);
}

std::string rowsText(RowCount rows)
{
    return transfer::groupedDigits(rows.value()) + (rows == RowCount(1) ? " row" : " rows");
}

std::string durationText(std::chrono::microseconds duration)
{
    const double seconds = static_cast<double>(duration.count()) / 1e6;
    if (seconds < 9.95)
        return formatted("%.1f s", seconds);
    const auto whole = static_cast<long long>(seconds + 0.5);
    if (whole < 60)
        return formatted("%lld s", whole);
    if (whole < 3600)
        return formatted("%lld:%02lld", whole / 60, whole % 60);
    return formatted("%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string momentText(std::chrono::system_clock::time_point moment)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
    std::tm local = {};
    std::array<char, 32> text{};
    if (localtime_r(&seconds, &local) == nullptr)
        return {};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local)};
}

std::size_t displayWidth(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string alignedTable(const std::vector<std::vector<std::string>> &rows,
                         const std::vector<bool> &rightAligned)
{
    std::vector<std::size_t> widths(rightAligned.size());
    for (const auto &row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], displayWidth(row[i]));
    }
    std::string text;
    for (const auto &row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string padding(widths[i] - displayWidth(row[i]), ' ');
            line += (i == 0 ? "" : "  ") + (rightAligned[i] ? padding + row[i] : row[i] + padding);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

} // namespace freshet::cli
