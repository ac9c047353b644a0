// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/failure_report.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

namespace freshet::decode {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMark = "__exception__";
constexpr std::string_view kCode = "Code: ";

/// Longer texts are no reports but rows.
constexpr std::size_t kMaxReport = 64 * 1024;
/// Last words come to the point.
constexpr std::size_t kMaxOpening = 512;

/// Members that say of themselves that something failed.
constexpr auto kFailures =
    std::to_array<std::string_view>({"error", "errors", "exception", "fault", "errorMessage",
                                     "error_message", "errorCode", "error_code"});
/// Members that say it where their value is one of kBadStates.
constexpr auto kStates = std::to_array<std::string_view>(
    {"status", "state", "result", "outcome", "type", "event", "level", "severity", "kind"});
constexpr auto kBadStates =
    std::to_array<std::string_view>({"error", "failed", "failure", "fail", "fatal", "exception"});
/// … false …
constexpr auto kSuccesses = std::to_array<std::string_view>({"success", "succeeded", "ok"});
/// … a status of HTTP from 400 on, beside a text.
constexpr auto kCodes =
    std::to_array<std::string_view>({"status", "statusCode", "status_code", "code"});
constexpr auto kTexts = std::to_array<std::string_view>(
    {"message", "msg", "detail", "error_description", "description", "reason"});
/// What else stands in such objects: RFC 9457, Spring, Elasticsearch, AWS, Google, GitHub …
constexpr auto kCompanions = std::to_array<std::string_view>(
    {"title", "details",   "name",       "error_type", "errorType", "at",
     "time",  "cause",     "hint",       "instance",   "path",      "timestamp",
     "data",  "requestId", "request_id", "traceId",    "trace_id",  "documentation_url",
     "stack", "errno",     "stackTrace", "stack_trace"});

template <typename List>
bool contains(const List &list, std::string_view name)
{
    return std::ranges::find(list, name) != list.end();
}

bool isReportWord(std::string_view name)
{
    return contains(kFailures, name) || contains(kStates, name) || contains(kSuccesses, name) ||
           contains(kCodes, name) || contains(kTexts, name) || contains(kCompanions, name);
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool isLetter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
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

bool isText(simdjson::dom::element value)
{
    return value.is_string() && isTelling(value);
}

bool isBadState(std::string_view name, simdjson::dom::element value)
{
    if (contains(kSuccesses, name))
        return value.is_bool() && !bool(value);
    return contains(kStates, name) && value.is_string() && value.get_string().value().size() < 16 &&
           contains(kBadStates, lowered(value.get_string().value()));
}

bool isBadCode(std::string_view name, simdjson::dom::element value)
{
    std::int64_t code = 0;
    return contains(kCodes, name) && value.get(code) == simdjson::SUCCESS && code >= 400 &&
           code < 600;
}

/// Whether `word` stands in `text` (both in small letters) from `at` on, and ends there.
bool hasWordAt(std::string_view text, std::size_t at, std::string_view word)
{
    return text.substr(at).starts_with(word) &&
           (at + word.size() == text.size() || !isLetter(text[at + word.size()]));
}

/// `…error:` or `…exception:`, as programs name what they throw.
bool namesAnError(std::string_view text)
{
    for (const std::string_view kind : {"error"sv, "exception"sv}) {
        for (std::size_t at = text.find(kind); at != text.npos; at = text.find(kind, at + 1)) {
            const std::size_t after = at + kind.size();
            if (after < text.size() && (text[after] == ':' || text[after] == '('))
                return true;
        }
    }
    return false;
}

/// Up to what separates fields: a message behind it is a value of a row.
std::string_view firstPart(std::string_view text)
{
    return text.substr(0, text.find_first_of(",;|\t"));
}

/// `502 Bad Gateway` and the like.
bool startsWithStatus(std::string_view text)
{
    return text.size() > 4 && (text[0] == '4' || text[0] == '5') && isDigit(text[1]) &&
           isDigit(text[2]) && text[3] == ' ' && isLetter(text[4]);
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

bool readsLikeFailure(std::string_view badRow)
{
    const std::size_t first = badRow.find_first_not_of(" \t\r\n\"'[#!*");
    if (first == badRow.npos || badRow[first] == '{') // half a row, not words
        return false;
    const std::string text = lowered(badRow.substr(first, kMaxOpening));
    static constexpr auto kOpenings = std::to_array<std::string_view>({"error",
                                                                       "exception",
                                                                       "fatal",
                                                                       "failed",
                                                                       "failure",
                                                                       "panic",
                                                                       "traceback",
                                                                       "uncaught",
                                                                       "unhandled",
                                                                       "internal server error",
                                                                       "bad gateway",
                                                                       "service unavailable",
                                                                       "gateway timeout",
                                                                       "gateway time-out",
                                                                       "upstream",
                                                                       "timeout",
                                                                       "timed out",
                                                                       "out of memory",
                                                                       "connection reset",
                                                                       "connection refused",
                                                                       "connection closed",
                                                                       "connection lost",
                                                                       "query failed",
                                                                       "query timed out",
                                                                       "query was cancelled",
                                                                       "aborted",
                                                                       "sqlstate"});
    return std::ranges::any_of(kOpenings,
                               [&](std::string_view word) { return hasWordAt(text, 0, word); }) ||
           startsWithStatus(text) || namesAnError(firstPart(text));
}

std::optional<FailureObject> failureObjectIn(std::string_view json)
{
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (json.size() > kMaxReport ||
        parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS)
        return std::nullopt;
    FailureObject report;
    bool hasText = false;
    bool hasNameOfCode = false;
    std::vector<std::string> codes;
    for (const auto [key, value] : object) {
        if (!isReportWord(key))
            return std::nullopt;
        report.members.emplace_back(key);
        hasText = hasText || (contains(kTexts, key) && isText(value));
        hasNameOfCode = hasNameOfCode || (key == "code" && isText(value));
        if ((contains(kFailures, key) && isTelling(value)) || isBadState(key, value))
            report.telling.emplace_back(key);
        else if (isBadCode(key, value))
            codes.emplace_back(key);
    }
    if (hasText)
        report.telling.insert(report.telling.end(), codes.begin(), codes.end());
    report.isCertain = !report.telling.empty();
    // `{"code":"ECONNRESET","message":"socket hang up"}`, and RFC 9457 without a detail.
    if (!report.isCertain && hasText && hasNameOfCode)
        report.telling.emplace_back("code");
    if (!report.isCertain && !codes.empty() && object["title"].error() == simdjson::SUCCESS)
        report.telling.push_back(codes.front());
    return report.telling.empty() ? std::nullopt : std::optional(std::move(report));
}

bool mayOpenFailure(const char *opening)
{
    const char *key = opening + 1;
    while (*key == ' ' || *key == '\t' || *key == '\n' || *key == '\r')
        ++key;
    if (*key != '"')
        return false;
    const char *end = ++key;
    while (isLetter(*end) || *end == '_')
        ++end;
    return *end == '"' && isReportWord({key, static_cast<std::size_t>(end - key)});
}

} // namespace freshet::decode
