// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/rows_rules.h"

#include <algorithm>
#include <array>

namespace freshet::decode {

namespace {

using namespace std::string_view_literals;

/// `list` is in lower case.
template <std::size_t size>
bool contains(const std::array<std::string_view, size> &list, std::string_view name)
{
    return std::ranges::any_of(list, [name](std::string_view entry) {
        return std::ranges::equal(entry, name, [](char a, char b) {
            return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
        });
    });
}

} // namespace

bool isRowsName(std::string_view name)
{
    static constexpr std::array kNames = {
        "data"sv,       "rows"sv,     "items"sv,     "results"sv,   "result"sv,       "records"sv,
        "value"sv,      "values"sv,   "hits"sv,      "statuses"sv,  "features"sv,     "datarows"sv,
        "entries"sv,    "elements"sv, "objects"sv,   "docs"sv,      "documents"sv,    "list"sv,
        "nodes"sv,      "edges"sv,    "content"sv,   "resources"sv, "observations"sv, "_embedded"sv,
        "collection"sv, "dataset"sv,  "recordset"sv, "rowset"sv,
    };
    return contains(kNames, name);
}

bool isMetadataName(std::string_view name)
{
    static constexpr std::array kNames = {
        "errors"sv,       "error"sv,         "columns"sv,        "column_names"sv,
        "columnnames"sv,  "columnheaders"sv, "meta"sv,           "metadata"sv,
        "schema"sv,       "fields"sv,        "links"sv,          "_links"sv,
        "warnings"sv,     "warning"sv,       "header"sv,         "headers"sv,
        "included"sv,     "includes"sv,      "facets"sv,         "facet_counts"sv,
        "aggregations"sv, "aggs"sv,          "notices"sv,        "extensions"sv,
        "pagination"sv,   "paging"sv,        "responseheader"sv, "resultsetmetadata"sv,
        "_shards"sv,      "profile"sv,       "suggest"sv,        "statistics"sv,
        "stats"sv,
    };
    return contains(kNames, name);
}

bool isErrorName(std::string_view name)
{
    static constexpr std::array kNames = {"message"sv, "errorcode"sv, "fields"sv,
                                          "error"sv,   "code"sv,      "status"sv};
    return contains(kNames, name);
}

} // namespace freshet::decode
