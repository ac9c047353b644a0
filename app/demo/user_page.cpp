// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/user_page.h"

#include "demo/users_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace freshet::demo {

namespace {

/// A cursor has characters that a URL must escape.
constexpr std::string_view kCursorStart = "u/";
constexpr std::string_view kCursorEnd = "==";

std::string cursorAt(std::int64_t row)
{
    return std::string(kCursorStart) + std::to_string(row) + std::string(kCursorEnd);
}

std::string member(std::string_view name, std::int64_t value)
{
    return ",\"" + std::string(name) + "\":" + std::to_string(value);
}

/// What stands behind the rows.
std::string tailOf(const PageQuery &query, std::int64_t end, bool hasMore)
{
    const std::int64_t size = std::min(query.limit, query.cap);
    const std::int64_t total = query.rows - query.begin;
    const std::int64_t pages = (total + size - 1) / size;
    switch (query.form) {
    case PageForm::Number:
        return ",\"pagination\":{" + member("page", query.first / size + 1).substr(1) +
               member("limit", size) + member("total", total) + member("totalPages", pages) + "}}";
    case PageForm::Offset:
        return member("offset", query.first) + member("limit", size) + member("total", total) + '}';
    case PageForm::Cursor:
        return ",\"nextCursor\":" + (hasMore ? '"' + cursorAt(end) + '"' : "null") +
               ",\"hasMore\":" + (hasMore ? "true" : "false") + '}';
    case PageForm::Link:
        break;
    }
    return {};
}

} // namespace

Result<PageTrap> pageTrapByName(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, PageTrap>, 4> kTraps = {
        {{"", PageTrap::None},
         {"repeat", PageTrap::Repeat},
         {"endless", PageTrap::Endless},
         {"short", PageTrap::Short}}};
    for (const auto &[known, trap] : kTraps) {
        if (known == name)
            return trap;
    }
    return fail(ErrorCode::InvalidArgument,
                "trap= takes repeat, endless or short, not \"" + std::string(name) + '"');
}

Result<std::int64_t> rowOfCursor(std::string_view cursor)
{
    if (cursor.empty())
        return 0;
    std::int64_t row = 0;
    const bool isOurs = cursor.starts_with(kCursorStart) && cursor.ends_with(kCursorEnd) &&
                        cursor.size() > kCursorStart.size() + kCursorEnd.size();
    if (isOurs) {
        const char *const end = cursor.data() + cursor.size() - kCursorEnd.size();
        const auto [stop, problem] = std::from_chars(cursor.data() + kCursorStart.size(), end, row);
        if (problem == std::errc() && stop == end && row >= 0)
            return row;
    }
    return fail(ErrorCode::InvalidArgument, "cursor= takes what nextCursor said");
}

UserPage makeUserPage(const PageQuery &query)
{
    const std::int64_t size = std::min(query.limit, query.cap);
    const std::int64_t rows = query.rows - query.begin;
    const std::int64_t asked = query.trap == PageTrap::Repeat ? 0 : query.first;
    const bool isShort = query.trap == PageTrap::Short && size > 1 && query.first / size % 3 == 1;
    const std::int64_t first = std::min(asked, rows);
    const std::int64_t end = std::min(first + size - (isShort ? 1 : 0), rows);
    const bool hasMore = end < rows || query.trap == PageTrap::Endless;

    UserPage page;
    page.lastNumber = std::max<std::int64_t>((rows + size - 1) / size, 1);
    if (hasMore)
        page.nextNumber = query.first / size + 2;
    const bool isStruck = query.fault.n > query.begin + first && query.fault.n <= query.begin + end;
    if (isStruck && query.fault.kind == Fault::Kind::Error) {
        page.body = R"({"error":{"status":500,"message":"internal server error"}})";
        return page;
    }
    const UsersTable table(query.seed);
    std::string &body = page.body;
    if (query.form != PageForm::Link)
        body = query.form == PageForm::Offset ? "{\"items\":" : "{\"data\":";
    body += '[';
    for (std::int64_t row = first; row < end; ++row) {
        if (row != first)
            body += ',';
        table.appendJson(body, query.begin + row);
    }
    body += ']';
    body += tailOf(query, end, hasMore);
    page.isCut = isStruck && query.fault.kind == Fault::Kind::Cut;
    return page;
}

} // namespace freshet::demo
