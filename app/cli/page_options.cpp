// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/page_options.h"

#include <algorithm>

namespace freshet::cli {

namespace {

tl::unexpected<Error> usage(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

Status readPlaces(const Arguments &arguments, transfer::PageRule &rule)
{
    rule.positionFrom = arguments.value("page-from").value_or(rule.positionFrom);
    rule.positionTo = arguments.value("page-param").value_or(rule.positionTo);
    rule.moreFrom = arguments.value("page-more").value_or(rule.moreFrom);
    rule.sizeTo = arguments.value("size-param").value_or(rule.sizeTo);
    const auto size = arguments.number("page-size", 1);
    const auto first = arguments.number("first-page", 0);
    const auto inFlight = arguments.number("pages-in-flight", 1);
    for (const auto *number : {&size, &first, &inFlight}) {
        if (!*number)
            return fail(number->error());
    }
    if (*size)
        rule.size = *size;
    if (*first)
        rule.first = *first;
    if (*inFlight)
        rule.inFlight = static_cast<int>(std::min<std::int64_t>(**inFlight, 1000));
    return {};
}

} // namespace

Status readPages(const Arguments &arguments, std::optional<transfer::PageRule> &pages)
{
    const auto style = arguments.value("page");
    if (style == "none")
        pages.reset();
    if (!style && !pages) {
        for (const char *option : {"page-from", "page-param", "page-more", "page-size",
                                   "size-param", "first-page", "pages-in-flight"}) {
            if (arguments.has(option))
                return usage("--" + std::string(option) + " needs --page STYLE");
        }
    }
    if (style && style != "none") {
        const auto known = transfer::pageStyleByName(*style);
        if (!known)
            return usage("--page is auto, offset, page, cursor, keyset, link, next, graphql, "
                         "scroll or none, not \"" +
                         *style + '"');
        // Another style has other places.
        if (!pages || pages->style != *known)
            pages = transfer::PageRule{.style = *known};
    }
    return pages ? readPlaces(arguments, *pages) : Status();
}

Result<std::optional<transfer::PageRule>> pagesFrom(const Arguments &arguments)
{
    std::optional<transfer::PageRule> pages;
    FRESHET_TRY(readPages(arguments, pages));
    return pages;
}

} // namespace freshet::cli
