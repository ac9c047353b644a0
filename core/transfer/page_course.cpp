// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_course.h"

#include "transfer/page_names.h"
#include "transfer/page_place.h"

namespace freshet::transfer {

namespace {

bool isCounted(PageStyle style)
{
    return style == PageStyle::Offset || style == PageStyle::Number;
}

/// The parameter that the request has for the position already.
std::string positionParameter(PageStyle style, const transport::ByteRequest &request)
{
    for (const auto &[name, value] : queryParameters(request.url)) {
        if (isCounted(style) ? countedStyleOf(name) == style : isTokenParameter(name))
            return name;
    }
    return {};
}

void fill(std::string &place, const std::string &value)
{
    if (place.empty())
        place = value;
}

} // namespace

bool needsPositionFrom(const PageRule &rule)
{
    return rule.style == PageStyle::Cursor || rule.style == PageStyle::Next ||
           rule.style == PageStyle::GraphQl || rule.style == PageStyle::Scroll;
}

std::unique_ptr<PageCourse> makePageCourse(const PageRule &rule,
                                           const transport::ByteRequest &request)
{
    return isCounted(rule.style) ? makeCountedCourse(rule, request)
                                 : makeFollowedCourse(rule, request);
}

PageRule completed(PageRule rule, const transport::ByteRequest &request, const PageAnswer *answer)
{
    const auto found = answer != nullptr ? findPages(request, *answer) : std::nullopt;
    if (found && rule.style == PageStyle::Auto)
        rule.style = found->rule.style;
    if (found && rule.style == found->rule.style) {
        const bool isSamePlace =
            rule.positionFrom.empty() || rule.positionFrom == found->rule.positionFrom;
        fill(rule.positionFrom, found->rule.positionFrom);
        if (isSamePlace)
            fill(rule.positionTo, found->rule.positionTo);
        fill(rule.sizeTo, found->rule.sizeTo);
        if (!rule.first)
            rule.first = found->rule.first;
    }
    switch (rule.style) {
    case PageStyle::Offset:
    case PageStyle::Number:
        fill(rule.positionTo, positionParameter(rule.style, request));
        fill(rule.positionTo, rule.style == PageStyle::Offset ? "offset" : "page");
        break;
    case PageStyle::Cursor:
        fill(rule.positionTo, positionParameter(rule.style, request));
        if (!rule.positionFrom.empty()) {
            const bool isHeader = rule.positionFrom.starts_with("header:");
            fill(rule.positionTo, parameterForToken(isHeader ? rule.positionFrom.substr(7)
                                                             : lastName(rule.positionFrom)));
        }
        break;
    case PageStyle::GraphQl:
        fill(rule.positionTo, rule.positionFrom.empty() ? "" : "body:$.variables.after");
        break;
    case PageStyle::Scroll:
        fill(rule.positionTo, "body:$.scroll_id");
        break;
    default:
        break;
    }
    return rule;
}

} // namespace freshet::transfer
