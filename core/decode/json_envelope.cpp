// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/json_envelope.h"

#include "base/error.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

namespace freshet::decode {

namespace {

using simdjson::dom::element;

/// Parse `text` and hand its root to `use`; the default answer where it is no (whole) JSON.
template <typename Answer, typename Use>
Answer withParsed(std::string_view text, Use use)
{
    simdjson::dom::parser parser;
    element root;
    if (text.empty() || parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS)
        return {};
    return use(root);
}

std::vector<std::string> namesIn(element list, int depth);

std::vector<std::string> namesInArray(simdjson::dom::array list)
{
    std::vector<std::string> names;
    for (const element item : list) {
        std::string_view name;
        bool found = item.get(name) == simdjson::SUCCESS;
        for (const char *key : {"name", "column_name", "columnName", "fieldName", "label", "id"})
            found = found || item[key].get(name) == simdjson::SUCCESS;
        if (!found)
            return {};
        names.emplace_back(name);
    }
    return names;
}

std::vector<std::string> namesIn(element list, int depth)
{
    simdjson::dom::array array;
    if (list.get(array) == simdjson::SUCCESS)
        return namesInArray(array);
    if (depth == 0)
        return {};
    for (const char *key : {"columns", "fields", "rowType", "view", "columnHeaders"}) {
        element inner;
        if (list[key].get(inner) != simdjson::SUCCESS)
            continue;
        if (auto names = namesIn(inner, depth - 1); !names.empty())
            return names;
    }
    return {};
}

/// Neither null, false, zero nor empty.
bool isTelling(std::string_view json)
{
    static constexpr std::array<std::string_view, 7> kSilent = {"",     "null", "false", "0",
                                                                "\"\"", "[]",   "{}"};
    return std::ranges::find(kSilent, json) == kSilent.end();
}

/// Problems that the members of the container at `base` tell of.
std::optional<std::string> problemAt(const JsonEnvelope &envelope, const std::string &base)
{
    for (const char *name : {".truncated", ".timed_out", ".incomplete_results", ".partial",
                             ".partial_results", ".records_truncated", ".terminated_early"}) {
        if (envelope.at(base + name) == "true")
            return base + name + " is true";
    }
    const bool shardsFailed = withParsed<bool>(envelope.at(base + "._shards"), [](element shards) {
        std::int64_t failed = 0;
        return shards["failed"].get(failed) == simdjson::SUCCESS && failed > 0;
    });
    if (shardsFailed)
        return base + "._shards.failed is not 0";
    for (const char *name : {".exception", ".error", ".errors"}) {
        if (const auto text = envelope.at(base + name); isTelling(text))
            return base + name + " is " + Error::excerptOf(text);
    }
    return std::nullopt;
}

bool isNumberAboveZero(std::string_view json)
{
    return !json.empty() && json.front() >= '1' && json.front() <= '9';
}

} // namespace

void JsonEnvelope::clear()
{
    *this = JsonEnvelope();
}

void JsonEnvelope::addScalar(std::string path, std::string_view text)
{
    keep(std::move(path), std::string(text.substr(0, kMaxText)));
}

void JsonEnvelope::open(std::string path)
{
    m_open.push_back({std::move(path), {}});
}

void JsonEnvelope::append(std::string_view text)
{
    for (Open &open : m_open)
        open.text += text.substr(0, kMaxText - open.text.size());
}

void JsonEnvelope::close()
{
    if (m_open.empty())
        return;
    Open closed = std::move(m_open.back());
    m_open.pop_back();
    for (const char *opening : {".", "["}) {
        const std::string inside = closed.path + opening;
        auto member = m_members.lower_bound(inside);
        while (member != m_members.end() && member->first.starts_with(inside)) {
            m_total -= member->second.size();
            member = m_members.erase(member);
        }
    }
    keep(std::move(closed.path), std::move(closed.text));
}

void JsonEnvelope::dropOpen()
{
    m_open.clear();
}

void JsonEnvelope::keep(std::string path, std::string text)
{
    if (m_total + path.size() + text.size() > kMaxTotal)
        return;
    m_total += path.size() + text.size();
    m_members.insert_or_assign(std::move(path), std::move(text));
}

std::string_view JsonEnvelope::at(std::string_view path) const
{
    const auto found = m_members.find(std::string(path));
    return found == m_members.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<std::string> columnNamesFrom(const JsonEnvelope &envelope, std::string_view rowsPath)
{
    const std::string beside(rowsPath.substr(0, rowsPath.find_last_of(".[")));
    for (const std::string &base : {beside, std::string("$")}) {
        for (const char *name : {".columns", ".meta", ".schema", ".fields", ".column_names",
                                 ".columnNames", ".columnHeaders", ".headers", ".header", ".names",
                                 ".metadata", ".resultSetMetaData", ".manifest"}) {
            auto names = withParsed<std::vector<std::string>>(
                envelope.at(base + name), [](element list) { return namesIn(list, 3); });
            if (!names.empty())
                return names;
        }
    }
    return {};
}

std::optional<std::string> problemIn(const JsonEnvelope &envelope, std::string_view rowsPath)
{
    const std::string beside(rowsPath.substr(0, rowsPath.find_last_of(".[")));
    for (const std::string &base : {std::string("$"), beside}) {
        if (auto problem = problemAt(envelope, base))
            return problem;
    }
    return std::nullopt;
}

bool isErrorReport(const JsonEnvelope &envelope)
{
    for (const char *path : {"$.error", "$.errors", "$.exception", "$.errorCode", "$.errorMessage",
                             "$.error_code", "$.error_message", "$.fault"}) {
        if (isTelling(envelope.at(path)))
            return true;
    }
    const auto has = [&](const char *path) {
        return !envelope.at(path).empty();
    };
    return has("$.message") &&
           (has("$.code") || isNumberAboveZero(envelope.at("$.status")) ||
            isNumberAboveZero(envelope.at("$.statusCode")) || has("$.documentation_url"));
}

bool isErrorArray(std::string_view array)
{
    return withParsed<bool>(array, [](element root) {
        simdjson::dom::array items;
        if (root.get(items) != simdjson::SUCCESS || items.size() == 0 || items.size() > 20)
            return false;
        for (const element item : items) {
            std::string_view text;
            simdjson::dom::object members;
            if (item["message"].get(text) != simdjson::SUCCESS ||
                item["errorCode"].get(text) != simdjson::SUCCESS ||
                item.get(members) != simdjson::SUCCESS)
                return false;
            // A table of errors has more to say: when, where, whose.
            for (const auto [key, value] : members) {
                if (key != "message" && key != "errorCode" && key != "fields")
                    return false;
            }
        }
        return true;
    });
}

} // namespace freshet::decode
