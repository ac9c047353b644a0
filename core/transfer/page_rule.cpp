// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_rule.h"

#include "transfer/page_place.h"

#include <QJsonObject>

#include <array>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

constexpr std::array<std::pair<PageStyle, std::string_view>, 9> kNames = {{
    {PageStyle::Auto, "auto"},
    {PageStyle::Offset, "offset"},
    {PageStyle::Number, "page"},
    {PageStyle::Cursor, "cursor"},
    {PageStyle::Keyset, "keyset"},
    {PageStyle::Link, "link"},
    {PageStyle::Next, "next"},
    {PageStyle::GraphQl, "graphql"},
    {PageStyle::Scroll, "scroll"},
}};

constexpr int kMaxInFlight = 16;
constexpr std::int64_t kMaxSize = 10'000'000;

constexpr std::array<std::pair<QLatin1StringView, std::string PageRule::*>, 4> kPlaces = {{
    {"positionTo"_L1, &PageRule::positionTo},
    {"positionFrom"_L1, &PageRule::positionFrom},
    {"moreFrom"_L1, &PageRule::moreFrom},
    {"sizeTo"_L1, &PageRule::sizeTo},
}};

tl::unexpected<Error> wrong(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, "pages: " + std::move(sentence));
}

} // namespace

std::string_view pageStyleName(PageStyle style)
{
    for (const auto &[known, name] : kNames) {
        if (known == style)
            return name;
    }
    return {};
}

std::string_view pageStyleText(PageStyle style)
{
    switch (style) {
    case PageStyle::Number:
        return "page number";
    case PageStyle::Keyset:
        return "key";
    case PageStyle::Link:
        return "Link header";
    case PageStyle::Next:
        return "next address";
    case PageStyle::GraphQl:
        return "GraphQL cursor";
    default:
        return pageStyleName(style);
    }
}

std::optional<PageStyle> pageStyleByName(std::string_view name)
{
    for (const auto &[style, known] : kNames) {
        if (known == name)
            return style;
    }
    return std::nullopt;
}

Status PageRule::validate() const
{
    for (const std::string *place : {&positionTo, &sizeTo}) {
        if (!place->empty())
            FRESHET_TRY(checkRequestPlace(*place));
    }
    for (const std::string *place : {&positionFrom, &moreFrom}) {
        if (!place->empty() && (style != PageStyle::Keyset || place == &moreFrom))
            FRESHET_TRY(checkAnswerPlace(*place));
    }
    if (style == PageStyle::Keyset && positionFrom.empty())
        return wrong("keyset needs the column whose last value the next page follows");
    if (style == PageStyle::Keyset && positionTo.empty())
        return wrong("keyset needs the parameter that the last value goes into");
    if (size && (*size < 1 || *size > kMaxSize))
        return wrong("a page has 1 to 10,000,000 rows");
    if (first && *first < 0)
        return wrong("the first page's number is not below zero");
    if (inFlight < 1 || inFlight > kMaxInFlight)
        return wrong("1 to 16 pages can be asked for at the same time");
    return {};
}

QJsonObject PageRule::toJson() const
{
    QJsonObject object{{u"style"_s, QString::fromLatin1(pageStyleName(style).data())},
                       {u"inFlight"_s, inFlight}};
    for (const auto &[name, place] : kPlaces) {
        if (!(this->*place).empty())
            object[name] = QString::fromStdString(this->*place);
    }
    if (size)
        object[u"size"_s] = static_cast<qint64>(*size);
    if (first)
        object[u"first"_s] = static_cast<qint64>(*first);
    return object;
}

PageRule PageRule::fromJson(const QJsonObject &object)
{
    PageRule rule;
    rule.style = pageStyleByName(object[u"style"].toString().toStdString()).value_or(rule.style);
    for (const auto &[name, place] : kPlaces)
        rule.*place = object[name].toString().toStdString();
    if (object[u"size"].isDouble())
        rule.size = object[u"size"].toInteger();
    if (object[u"first"].isDouble())
        rule.first = object[u"first"].toInteger();
    rule.inFlight = object[u"inFlight"].toInt(rule.inFlight);
    return rule;
}

} // namespace freshet::transfer
