// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/failure_report.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

namespace freshet::decode {

namespace {

constexpr std::string_view kMark = "__exception__";
constexpr std::string_view kCode = "Code: ";

/// Longer objects are no reports but rows.
constexpr std::size_t kMaxReport = 64 * 1024;

/// Members that say of themselves that something failed.
constexpr auto kFailures =
    std::to_array<std::string_view>({"error", "errors", "exception", "fault", "errorMessage",
                                     "error_message", "errorCode", "error_code"});
/// What else stands in such objects: RFC 9457, Spring, Elasticsearch, AWS, Google, GitHub …
constexpr auto kCompanions = std::to_array<std::string_view>({"message",     "msg",
                                                              "code",        "status",
                                                              "statusCode",  "status_code",
                                                              "type",        "title",
                                                              "detail",      "details",
                                                              "reason",      "name",
                                                              "description", "error_description",
                                                              "error_type",  "errorType",
                                                              "at",          "time",
                                                              "cause",       "hint",
                                                              "instance",    "path",
                                                              "timestamp",   "success",
                                                              "ok",          "requestId",
                                                              "request_id",  "traceId",
                                                              "trace_id",    "documentation_url",
                                                              "stack",       "stackTrace",
                                                              "stack_trace"});

template <typename List>
bool contains(const List &list, std::string_view name)
{
    return std::ranges::find(list, name) != list.end();
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Neither null, false, zero nor empty.
bool isTelling(simdjson::dom::element value)
{
    using simdjson::dom::element_type;
    switch (value.type()) {
    case element_type::NULL_VALUE:
        return false;
    case element_type::BOOL:
        return bool(value);
    case element_type::INT64:
        return std::int64_t(value) != 0;
    case element_type::STRING:
        return !std::string_view(value).empty();
    case element_type::ARRAY:
        return simdjson::dom::array(value).size() > 0;
    case element_type::OBJECT:
        return simdjson::dom::object(value).size() > 0;
    default:
        return true;
    }
}

} // namespace

bool startsWithException(std::string_view text)
{
    constexpr std::string_view kOrigin = ". DB::";
    if (text.starts_with(kMark))
        return text.find_first_not_of("\r\n", kMark.size()) == text.npos ||
               text[kMark.size()] == '\r' || text[kMark.size()] == '\n';
    if (!text.starts_with(kCode))
        return false;
    text.remove_prefix(kCode.size());
    const auto digits = std::ranges::find_if_not(text, isDigit) - text.begin();
    return digits > 0 && text.substr(static_cast<std::size_t>(digits)).starts_with(kOrigin);
}

bool holdsException(std::string_view badRow)
{
    for (const std::string_view start : {kMark, kCode}) {
        for (std::size_t at = badRow.find(start); at != badRow.npos;
             at = badRow.find(start, at + 1)) {
            if (startsWithException(badRow.substr(at)))
                return true;
        }
    }
    return false;
}

std::vector<std::string> failureMembersIn(std::string_view json)
{
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (json.size() > kMaxReport ||
        parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS)
        return {};
    std::vector<std::string> members;
    for (const auto [key, value] : object) {
        const bool isFailure = contains(kFailures, key);
        if (!isFailure && !contains(kCompanions, key))
            return {};
        if (isFailure && isTelling(value))
            members.emplace_back(key);
    }
    return members;
}

} // namespace freshet::decode
