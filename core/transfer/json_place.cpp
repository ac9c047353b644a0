// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/json_place.h"

#include "transport/ascii.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QUrl>

#include <charconv>

namespace freshet::transfer {

namespace {

constexpr std::string_view kHeader = "header:";

tl::unexpected<Error> unreadable(std::string_view text)
{
    return fail(ErrorCode::InvalidArgument,
                '"' + std::string(text) +
                    "\" is no place in an answer, such as $.job.url, $.files[].url or "
                    "header:Location");
}

} // namespace

bool isJsonPlace(std::string_view text)
{
    return text.starts_with('$') || text.starts_with(kHeader);
}

Result<JsonPlace> JsonPlace::parse(std::string_view text)
{
    JsonPlace place;
    if (text.starts_with(kHeader)) {
        place.m_header = text.substr(kHeader.size());
        if (!transport::isToken(place.m_header))
            return unreadable(text);
        return place;
    }
    if (!text.starts_with('$'))
        return unreadable(text);
    std::string_view rest = text.substr(1);
    while (!rest.empty()) {
        if (rest.starts_with("[]")) {
            place.m_steps.push_back({.kind = Step::Kind::EachElement});
            rest.remove_prefix(2);
        } else if (rest.front() == '[') {
            Step step{.kind = Step::Kind::Element};
            const auto [end, problem] =
                std::from_chars(rest.data() + 1, rest.data() + rest.size(), step.index);
            if (problem != std::errc() || end == rest.data() + rest.size() || *end != ']')
                return unreadable(text);
            rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
            place.m_steps.push_back(step);
        } else if (rest.front() == '.') {
            const std::string_view name = rest.substr(1, rest.find_first_of(".[", 1) - 1);
            if (name.empty())
                return unreadable(text);
            place.m_steps.push_back(
                {.name = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()))});
            rest.remove_prefix(1 + name.size());
        } else {
            return unreadable(text);
        }
    }
    return place;
}

std::vector<QJsonValue> JsonPlace::valuesIn(const JsonAnswer &answer) const
{
    if (!m_header.empty()) {
        const auto value = findHeader(answer.head.headers, m_header);
        if (!value)
            return {};
        return {
            QJsonValue(QString::fromUtf8(value->data(), static_cast<qsizetype>(value->size())))};
    }
    std::vector<QJsonValue> values = {answer.body};
    for (const Step &step : m_steps) {
        std::vector<QJsonValue> found;
        for (const QJsonValue &value : values) {
            if (step.kind == Step::Kind::Member) {
                found.push_back(value[step.name]);
            } else if (step.kind == Step::Kind::Element) {
                found.push_back(value[step.index]);
            } else {
                const QJsonArray elements = value.toArray();
                found.insert(found.end(), elements.begin(), elements.end());
            }
        }
        values = std::move(found);
    }
    std::erase_if(values,
                  [](const QJsonValue &value) { return value.isUndefined() || value.isNull(); });
    return values;
}

std::string textOf(const QJsonValue &value)
{
    if (value.isArray() || value.isObject())
        return {};
    return value.toVariant().toString().toStdString();
}

Result<std::string> filledTemplate(std::string_view template_, const JsonAnswer &answer)
{
    std::string filled;
    while (true) {
        const std::size_t open = template_.find('{');
        filled += template_.substr(0, open);
        if (open == template_.npos)
            return filled;
        const std::size_t close = template_.find('}', open);
        const auto inside =
            template_.substr(open + 1, close == template_.npos ? template_.npos : close - open - 1);
        const auto place = JsonPlace::parse(inside);
        if (!place || close == template_.npos)
            return unreadable(inside);
        const auto values = place->valuesIn(answer);
        const std::string text = values.empty() ? std::string() : textOf(values.front());
        if (text.empty())
            return fail(ErrorCode::ProtocolViolation,
                        "the answer has nothing at " + std::string(inside));
        filled += QUrl::toPercentEncoding(QString::fromStdString(text)).toStdString();
        template_.remove_prefix(close + 1);
    }
}

} // namespace freshet::transfer
