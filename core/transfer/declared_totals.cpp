// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/declared_totals.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace freshet::transfer {

namespace {

constexpr std::array<std::string_view, 5> kTotalHeaders = {
    "X-Total-Count", "X-Total", "Total-Count", "X-Row-Count", "Sforce-NumberOfRecords"};

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    };
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<RowCount> wholeNumber(std::string_view text)
{
    text = trimmed(text);
    std::int64_t value = 0;
    const char *end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (text.empty() || problem != std::errc() || stop != end || value < 0)
        return std::nullopt;
    return RowCount(value);
}

/// `items 0-9/100` → 100; nothing for bytes, for `/*` and for anything else.
std::optional<RowCount> totalOfRange(std::string_view value)
{
    value = trimmed(value);
    const auto slash = value.rfind('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    const auto unit = value.substr(0, value.find_first_of(" \t="));
    if (equalsIgnoringCase(unit, "bytes"))
        return std::nullopt;
    return wholeNumber(value.substr(slash + 1));
}

} // namespace

std::vector<DeclaredTotal> declaredTotals(const std::vector<transport::Header> &headers)
{
    std::vector<DeclaredTotal> totals;
    for (const auto &header : headers) {
        std::optional<RowCount> rows;
        if (equalsIgnoringCase(header.name, "Content-Range")) {
            rows = totalOfRange(header.value);
        } else if (std::ranges::any_of(kTotalHeaders, [&](std::string_view name) {
                       return equalsIgnoringCase(name, header.name);
                   })) {
            rows = wholeNumber(header.value);
        }
        if (rows)
            totals.push_back({*rows, header.name});
    }
    return totals;
}

} // namespace freshet::transfer
