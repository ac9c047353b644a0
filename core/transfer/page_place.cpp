// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_place.h"

#include "decode/json_text.h"
#include "decode/rows_path.h"
#include "transfer/page_names.h"
#include "transport/ascii.h"

#include <QByteArray>

#include <algorithm>

namespace freshet::transfer {

namespace {

constexpr std::string_view kHeader = "header:";
constexpr std::string_view kBody = "body:";

std::string percentDecoded(std::string_view text)
{
    QByteArray bytes(text.data(), static_cast<qsizetype>(text.size()));
    bytes.replace('+', ' ');
    return QByteArray::fromPercentEncoding(bytes).toStdString();
}

/// Everything is escaped that could end the value or be changed on the way.
std::string percentEncoded(std::string_view text, const char *kept)
{
    return QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size()))
        .toPercentEncoding(kept)
        .toStdString();
}

/// The member names of a path. Errors: InvalidArgument if it has anything else.
Result<std::vector<std::string>> namesOf(std::string_view path)
{
    const auto parsed = decode::RowsPath::parse(path);
    if (!parsed)
        return fail(parsed.error());
    std::vector<std::string> names;
    for (const auto &step : parsed->steps)
        names.push_back(step.name);
    const bool isPlain = parsed->inner.empty() &&
                         std::ranges::all_of(parsed->steps, [](const decode::RowsStep &step) {
                             return step.kind == decode::RowsStep::Kind::Member;
                         });
    if (!isPlain || names.empty())
        return fail(ErrorCode::InvalidArgument,
                    "\"" + std::string(path) + "\" is no path of names such as $.meta.next");
    return names;
}

struct QueryPart
{
    std::size_t begin;
    std::size_t end;
    std::size_t valueAt; ///< `end` if there is no value
};

/// The parts of a URL's query, by where they are in it.
std::vector<QueryPart> queryParts(std::string_view url)
{
    std::vector<QueryPart> parts;
    const std::size_t stop = std::min(url.find('#'), url.size());
    std::size_t at = url.find('?');
    if (at >= stop)
        return parts;
    for (++at; at <= stop;) {
        const std::size_t end = std::min(url.find('&', at), stop);
        const std::size_t equals = std::min(url.find('=', at), end);
        if (end > at)
            parts.push_back({at, end, std::min(equals + 1, end)});
        at = end + 1;
    }
    return parts;
}

std::string nameOf(std::string_view url, const QueryPart &part)
{
    const std::string_view text = url.substr(part.begin, part.end - part.begin);
    return percentDecoded(text.substr(0, text.find('=')));
}

void setParameter(std::string &url, std::string_view name, std::string_view value)
{
    const std::string encoded = percentEncoded(value, "");
    for (const auto &part : queryParts(url)) {
        if (nameOf(url, part) != name)
            continue;
        const std::string_view sent =
            std::string_view(url).substr(part.begin, part.end - part.begin);
        const std::string rest = std::string(sent.substr(0, sent.find('='))) + '=' + encoded;
        url.replace(part.begin, part.end - part.begin, rest);
        return;
    }
    const std::size_t stop = std::min(url.find('#'), url.size());
    const bool hasQuery = url.find('?') < stop;
    const bool isOpen = hasQuery && (url[stop - 1] == '?' || url[stop - 1] == '&');
    const std::string separator = !hasQuery ? "?" : isOpen ? "" : "&";
    url.insert(stop, separator + percentEncoded(name, "$[]@:") + '=' + encoded);
}

void setHeader(std::vector<transport::Header> &headers, std::string_view name,
               std::string_view value)
{
    for (auto &header : headers) {
        if (transport::equalsIgnoringCase(header.name, name)) {
            header.value = value;
            return;
        }
    }
    headers.push_back({std::string(name), std::string(value)});
}

using Fields = std::map<std::string, std::string>;

void addFields(Fields &fields, const std::string &path, std::string_view json, int depth)
{
    if (auto text = decode::scalarOf(json)) {
        fields.emplace(path, std::move(*text));
        return;
    }
    const auto members = depth > 0 ? decode::membersOf(json) : std::nullopt;
    if (!members)
        return;
    for (const auto &member : *members) {
        std::string below = path;
        decode::appendMember(below, member.key);
        addFields(fields, below, json.substr(member.offset, member.size), depth - 1);
    }
}

} // namespace

Status checkRequestPlace(std::string_view place)
{
    if (place.starts_with(kBody)) {
        const auto names = namesOf(place.substr(kBody.size()));
        return names ? Status() : fail(names.error());
    }
    const bool isHeader = place.starts_with(kHeader);
    if (isHeader)
        place.remove_prefix(kHeader.size());
    if (place.empty() || (isHeader && !transport::isToken(place)))
        return fail(ErrorCode::InvalidArgument,
                    "\"" + std::string(place) +
                        "\": a URL parameter's NAME, header:NAME or body:PATH is wanted");
    return {};
}

Status checkAnswerPlace(std::string_view place)
{
    if (place.starts_with(kHeader))
        return checkRequestPlace(place);
    const auto names = namesOf(place);
    return names ? Status() : fail(names.error());
}

std::optional<std::string> textAt(std::string_view place, const transport::ResponseHead &head,
                                  const decode::DecodeFindings &findings)
{
    if (place.starts_with(kHeader)) {
        const auto value = findHeader(head.headers, place.substr(kHeader.size()));
        return value && !value->empty() ? std::optional<std::string>(*value) : std::nullopt;
    }
    const auto names = namesOf(place);
    if (!names)
        return std::nullopt;
    // The envelope has the value itself, or the whole container around it.
    for (std::size_t count = names->size(); count > 0; --count) {
        std::string path = "$";
        for (std::size_t i = 0; i < count; ++i)
            decode::appendMember(path, (*names)[i]);
        const auto found = findings.envelope.find(path);
        if (found == findings.envelope.end())
            continue;
        const auto json = decode::jsonAt(found->second, std::span(*names).subspan(count));
        auto text = json ? decode::scalarOf(*json) : std::nullopt;
        return text && !text->empty() ? text : std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::string> valueIn(const transport::ByteRequest &request, std::string_view place)
{
    if (place.starts_with(kHeader)) {
        const auto value = findHeader(request.headers, place.substr(kHeader.size()));
        return value ? std::optional<std::string>(*value) : std::nullopt;
    }
    if (place.starts_with(kBody)) {
        const auto names = namesOf(place.substr(kBody.size()));
        const auto json = names ? decode::jsonAt(request.body, *names) : std::nullopt;
        return json ? decode::scalarOf(*json) : std::nullopt;
    }
    for (const auto &[name, value] : queryParameters(request.url)) {
        if (name == place)
            return value;
    }
    return std::nullopt;
}

Status setValueIn(transport::ByteRequest &request, std::string_view place, std::string_view value,
                  bool isNumber)
{
    if (place.starts_with(kHeader)) {
        setHeader(request.headers, place.substr(kHeader.size()), value);
        return {};
    }
    if (!place.starts_with(kBody)) {
        setParameter(request.url, place, value);
        return {};
    }
    const auto names = namesOf(place.substr(kBody.size()));
    if (!names)
        return fail(names.error());
    auto body = decode::withJsonAt(request.body, *names,
                                   isNumber ? std::string(value) : decode::quotedJson(value));
    if (!body)
        return fail(std::move(body).error());
    request.body = std::move(*body);
    return {};
}

std::vector<std::pair<std::string, std::string>> queryParameters(std::string_view url)
{
    std::vector<std::pair<std::string, std::string>> parameters;
    for (const auto &part : queryParts(url))
        parameters.emplace_back(nameOf(url, part),
                                percentDecoded(url.substr(part.valueAt, part.end - part.valueAt)));
    return parameters;
}

std::map<std::string, std::string> fieldsBesideRows(const decode::DecodeFindings &findings)
{
    constexpr int kDepth = 2;
    Fields fields;
    for (const auto &[path, json] : findings.envelope)
        addFields(fields, path, json, tellsAboutPages(lastName(path)) ? kDepth : 0);
    return fields;
}

} // namespace freshet::transfer
