// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/page_options.h"

namespace freshet::cli {

namespace {

tl::unexpected<Error> usage(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

} // namespace

Result<std::optional<transfer::PageRule>> pagesFrom(const Arguments &arguments)
{
    const auto style = arguments.value("page");
    if (!style) {
        for (const char *option : {"page-from", "page-param", "page-more", "page-size",
                                   "size-param", "first-page", "pages-in-flight"}) {
            if (arguments.has(option))
                return usage("--" + std::string(option) + " needs --page STYLE");
        }
        return std::nullopt;
    }
    const auto known = transfer::pageStyleByName(*style);
    if (!known)
        return usage("--page is auto, offset, page, cursor, keyset, link, next, graphql or scroll, "
                     "not \"" +
                     *style + '"');
    transfer::PageRule rule{.style = *known};
    rule.positionFrom = arguments.value("page-from").value_or("");
    rule.positionTo = arguments.value("page-param").value_or("");
    rule.moreFrom = arguments.value("page-more").value_or("");
    rule.sizeTo = arguments.value("size-param").value_or("");
    const auto size = arguments.number("page-size", 1);
    const auto first = arguments.number("first-page", 0);
    const auto inFlight = arguments.number("pages-in-flight", 1);
    for (const auto *number : {&size, &first, &inFlight}) {
        if (!*number)
            return fail(number->error());
    }
    rule.size = *size;
    rule.first = *first;
    if (*inFlight)
        rule.inFlight = static_cast<int>(std::min<std::int64_t>(**inFlight, 1000));
    return rule;
}

} // namespace freshet::cli
