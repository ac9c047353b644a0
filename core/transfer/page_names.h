// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/page_rule.h"

#include <optional>
#include <string>
#include <string_view>

namespace freshet::transfer {

/// What the names in requests and answers of paged APIs mean. Compared in lower case, without
/// anything but letters and digits: `next_cursor`, `nextCursor` and `next-cursor` are one name.

/// What a member of an answer says.
enum class PageSign {
    None,
    NextUrl,    ///< the address of the next page: `nextLink`, `next_url`, `nextRecordsUrl`
    NextMaybe,  ///< `next`: an address, a token, or a number
    NextToken,  ///< what the next request has to name: `nextCursor`, `nextPageToken`
    ScrollId,   ///< the same for Elasticsearch
    More,       ///< true while there is more: `has_more`, `hasNextPage`
    Last,       ///< true if there is no more: `last`, `done`, `endOfRecords`
    Total,      ///< rows in all: `total`, `totalCount`, `numFound`
    Count,      ///< rows in all or on this page: `count`
    LastNumber, ///< pages in all: `totalPages`
};

[[nodiscard]] PageSign signOf(std::string_view memberName);
/// Whether an object of this name tells about the result rather than being a part of it.
[[nodiscard]] bool tellsAboutPages(std::string_view memberName);
/// The last name in a path: `next` for `$.links.next`, and `$.links.next.href` too.
[[nodiscard]] std::string lastName(std::string_view path);

/// Whether this server may send an empty page in the middle: Microsoft's, Google's, Amazon's and
/// Trino's rules say so of their `@odata.nextLink`, `nextPageToken`, `nextToken`, `nextUri` …
[[nodiscard]] bool mayBeEmptyInTheMiddle(std::string_view positionFrom);
/// The parameter that takes the token of this member: `cursor` for `nextCursor`.
[[nodiscard]] std::string parameterForToken(std::string_view memberName);

/// Whether a URL parameter of this name says where a page starts, as a row or as a page number.
[[nodiscard]] std::optional<PageStyle> countedStyleOf(std::string_view parameter);
/// Whether a URL parameter of this name takes a token.
[[nodiscard]] bool isTokenParameter(std::string_view parameter);
/// Whether a URL parameter of this name says how many rows a page has; `position` goes with it.
[[nodiscard]] bool isSizeParameter(std::string_view parameter, std::string_view position);
/// The size parameter that usually goes with `position`: `$limit` with `$offset`.
[[nodiscard]] std::string sizeParameterFor(std::string_view position);

} // namespace freshet::transfer
