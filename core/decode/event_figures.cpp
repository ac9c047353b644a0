// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/event_figures.h"

#include <simdjson.h>

#include <initializer_list>

namespace freshet::decode {

namespace {

using simdjson::dom::element;

std::optional<std::int64_t> countIn(element value)
{
    std::int64_t count = 0;
    if (value.get(count) != simdjson::SUCCESS || count < 0)
        return std::nullopt;
    return count;
}

std::optional<std::int64_t> firstOf(element object, std::initializer_list<const char *> names)
{
    for (const char *name : names) {
        element member;
        if (object[name].get(member) != simdjson::SUCCESS)
            continue;
        if (const auto count = countIn(member))
            return count;
    }
    return std::nullopt;
}

} // namespace

EventFigures figuresIn(std::string_view data)
{
    constexpr std::size_t kLongest = 64 * 1024;
    simdjson::dom::parser parser;
    element root;
    if (data.empty() || data.size() > kLongest ||
        parser.parse(data.data(), data.size()).get(root) != simdjson::SUCCESS)
        return {};
    if (!root.is_object())
        return {.done = std::nullopt, .total = countIn(root)};
    return {.done = firstOf(root, {"done", "count", "processed", "rows", "rowCount", "row_count",
                                   "records", "sent", "current", "completed"}),
            .total = firstOf(root, {"total", "totalRows", "total_rows", "totalCount", "total_count",
                                    "totalRecords", "total_records"})};
}

} // namespace freshet::decode
