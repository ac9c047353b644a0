// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "demo/fault.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::demo {

/// How the demo server can hand out its table in pages.
enum class PageForm {
    Number, ///< `page=` from 1: `{"data":[…],"pagination":{page,limit,total,totalPages}}`
    Offset, ///< `offset=`: `{"items":[…],"offset":…,"limit":…,"total":…}`
    Cursor, ///< `cursor=`: `{"data":[…],"nextCursor":…,"hasMore":…}`
    Link,   ///< `page=` with `link=yes`: a bare array, and a Link header
};

/// What paged servers do wrong, as `trap=KIND`.
enum class PageTrap {
    None,
    Repeat,  ///< every page is the first one
    Endless, ///< there is a next page also behind the last
    Short,   ///< every third page has one row less than asked for
};
[[nodiscard]] Result<PageTrap> pageTrapByName(std::string_view name);

/// One page as it is asked for.
struct PageQuery
{
    PageForm form = PageForm::Number;
    std::int64_t rows = 1000; ///< of the table
    std::int64_t begin = 0;   ///< the listing leaves out the rows before this one
    std::uint64_t seed = 1;
    std::int64_t first = 0; ///< row
    std::int64_t limit = 100;
    std::int64_t cap = 10'000; ///< rows a page has at most, whatever is asked for
    PageTrap trap = PageTrap::None;
    /// `error:N` and `cut:N` strike the page that has row N.
    Fault fault;
};

struct UserPage
{
    std::string body;
    /// Link: the number of the next page, and of the last.
    std::optional<std::int64_t> nextNumber;
    std::int64_t lastNumber = 1;
    bool isCut = false; ///< the connection closes in the middle of the body
};

[[nodiscard]] UserPage makeUserPage(const PageQuery &query);
/// The row that a cursor of ours stands for. Errors: InvalidArgument.
[[nodiscard]] Result<std::int64_t> rowOfCursor(std::string_view cursor);

} // namespace freshet::demo
