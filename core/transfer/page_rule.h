// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

class QJsonObject;

namespace freshet::transfer {

/// How a server hands out a large result in pages.
enum class PageStyle {
    Auto,    ///< found from the first answer, see `findPages`
    Offset,  ///< the number of the first row
    Number,  ///< the number of the page
    Cursor,  ///< a token from the answer
    Keyset,  ///< the value of a column in the last row
    Link,    ///< Link: <…>; rel=next
    Next,    ///< an address in the answer
    GraphQl, ///< pageInfo.endCursor, which goes into a variable of the body
    Scroll,  ///< Elasticsearch: a token from the answer, sent to /_search/scroll
};

/// As in `--page`: `offset`, `page`, `cursor` …
[[nodiscard]] std::string_view pageStyleName(PageStyle style);
/// For sentences: `offset`, `page number`, `Link header` …
[[nodiscard]] std::string_view pageStyleText(PageStyle style);
[[nodiscard]] std::optional<PageStyle> pageStyleByName(std::string_view name);

/// How to get from one page to the next; plain values. What is empty is found by itself.
///
/// Places in a request are written `NAME` (a URL parameter), `header:NAME` or `body:PATH` (a member
/// of a JSON body); places in an answer `$.path` (beside the rows) or `header:NAME`.
struct PageRule
{
    PageStyle style = PageStyle::Auto;
    /// Where the position goes in the next request.
    std::string positionTo;
    /// Where the answer says it. Keyset: the column.
    std::string positionFrom;
    /// Where the answer says whether there is more: true, or, if the name says so (`last`, `done`,
    /// `endOfRecords`), false.
    std::string moreFrom;
    /// Where the number of rows wanted goes, and that number. Without a number, a size that the
    /// request names already is adapted to the server's speed.
    std::string sizeTo;
    std::optional<std::int64_t> size;
    /// Offset, Number: of the first page.
    std::optional<std::int64_t> first;
    /// Offset, Number: pages asked for at the same time, at most.
    int inFlight = 4;

    bool operator==(const PageRule &) const = default;

    /// Errors: InvalidArgument, naming the field.
    [[nodiscard]] Status validate() const;
    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static PageRule fromJson(const QJsonObject &object);
};

} // namespace freshet::transfer
