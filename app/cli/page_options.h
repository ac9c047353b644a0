// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transfer/page_rule.h"

#include <algorithm>
#include <array>
#include <optional>

namespace freshet::cli {

/// What `get` and `sync` know of pages.
inline constexpr std::array kPageOptions = {
    Option{"page", '\0', "STYLE",
           "get all pages: auto, offset, page, cursor, keyset, link, next, graphql, scroll"},
    Option{"page-from", '\0', "PLACE",
           "where an answer names the next page: $.meta.next, header:NAME; keyset: the column"},
    Option{"page-param", '\0', "PLACE",
           "where the position goes: a URL parameter NAME, header:NAME, body:$.PATH"},
    Option{"page-more", '\0', "PLACE", "where an answer says whether there is more"},
    Option{"page-size", '\0', "N", "rows to ask for in a page (default: adapted to the server)"},
    Option{"size-param", '\0', "PLACE", "where the page size goes"},
    Option{"first-page", '\0', "N", "number of the first page, or offset of the first row"},
    Option{"pages-in-flight", '\0', "N", "pages by offset or number at the same time (default: 4)"},
};

/// The options of two lists, those of the first one before.
template <std::size_t First, std::size_t Second>
constexpr std::array<Option, First + Second> joined(const std::array<Option, First> &first,
                                                    const std::array<Option, Second> &second)
{
    std::array<Option, First + Second> all{};
    std::ranges::copy(first, all.begin());
    std::ranges::copy(second, all.begin() + First);
    return all;
}

/// The rule that `--page` and what refines it ask for; nothing without it. Errors: InvalidArgument.
[[nodiscard]] Result<std::optional<transfer::PageRule>> pagesFrom(const Arguments &arguments);
/// Put what --page and its companions say into `pages`; `--page none` takes a recipe's rule away.
/// Errors: InvalidArgument in words for the user.
[[nodiscard]] Status readPages(const Arguments &arguments,
                               std::optional<transfer::PageRule> &pages);

} // namespace freshet::cli
