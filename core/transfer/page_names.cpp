// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_names.h"

#include "decode/rows_path.h"
#include "transport/ascii.h"

#include <algorithm>
#include <array>
#include <utility>

namespace freshet::transfer {

namespace {

using Names = std::initializer_list<std::string_view>;

/// Letters and digits in lower case.
std::string compact(std::string_view name)
{
    std::string result;
    for (const char c : transport::lowered(name)) {
        if (transport::isDigit(c) || (c >= 'a' && c <= 'z'))
            result += c;
    }
    return result;
}

bool isAmong(std::string_view name, Names names)
{
    const std::string wanted = compact(name);
    return std::ranges::find(names, std::string_view(wanted)) != names.end();
}

} // namespace

PageSign signOf(std::string_view memberName)
{
    const auto is = [memberName](Names names) {
        return isAmong(memberName, names);
    };
    if (is({"nexturl", "nexturi", "nextlink", "odatanextlink", "nextpageurl", "nextpageuri",
            "nextpagelink", "nextrecordsurl", "nextresults", "nexthref"}))
        return PageSign::NextUrl;
    if (is({"next", "nextpage"}))
        return PageSign::NextMaybe;
    if (is({"nextcursor", "nextpagetoken", "nexttoken", "continuationtoken",
            "nextcontinuationtoken", "nextpagecursor", "endcursor", "pagetoken", "nextmarker",
            "nextkey", "nextoffset", "nextpageid", "cursor", "continuation", "cursornext"}))
        return PageSign::NextToken;
    if (is({"scrollid"}))
        return PageSign::ScrollId;
    if (is({"hasmore", "hasnext", "hasnextpage", "more", "hasmorepages", "ismore"}))
        return PageSign::More;
    if (is({"islast", "islastpage", "last", "done", "isdone", "endofrecords", "exhausted", "eof"}))
        return PageSign::Last;
    if (is({"total", "totalcount", "totalrows", "totalresults", "totalrecords", "totalelements",
            "totalitems", "totalsize", "numfound", "recordstotal", "odatacount"}))
        return PageSign::Total;
    if (is({"count"}))
        return PageSign::Count;
    if (is({"totalpages", "pagecount", "lastpage", "pages", "numpages", "pagestotal"}))
        return PageSign::LastNumber;
    return PageSign::None;
}

bool tellsAboutPages(std::string_view memberName)
{
    return isAmong(memberName,
                   {"pagination", "paging", "page", "pageinfo", "meta", "metadata", "links", "link",
                    "cursor", "cursors", "next", "nextpage", "paginator", "searchmetadata",
                    "responsemetadata", "total", "resultset", "pagingmetadata"});
}

std::string lastName(std::string_view path)
{
    const auto parsed = decode::RowsPath::parse(path);
    if (!parsed)
        return {};
    auto step = parsed->steps.rbegin();
    // {"next": {"href": …}} and {"total": {"value": …}} say what the name above them says.
    while (step != parsed->steps.rend() && (step->name == "href" || step->name == "value"))
        ++step;
    return step == parsed->steps.rend() ? std::string() : step->name;
}

bool mayBeEmptyInTheMiddle(std::string_view positionFrom)
{
    return isAmong(lastName(positionFrom),
                   {"odatanextlink", "nextlink", "nexturi", "nextpagetoken", "nexttoken",
                    "continuationtoken", "nextcontinuationtoken", "pagetoken", "nextmarker"});
}

std::string parameterForToken(std::string_view memberName)
{
    if (isAmong(memberName, {"endcursor"}))
        return "after";
    if (isAmong(memberName, {"sforcelocator"}))
        return "locator";
    // `nextToken` goes back under its own name; of the others the word `next` is about the answer.
    std::string name(memberName);
    if (isAmong(name, {"nexttoken", "nextkey"}) ||
        !transport::equalsIgnoringCase(name.substr(0, 4), "next"))
        return name;
    name.erase(0, 4);
    name.erase(0, name.find_first_not_of("_-"));
    if (!name.empty())
        name.front() = transport::toLower(name.front());
    return name.empty() ? "next" : name;
}

std::optional<PageStyle> countedStyleOf(std::string_view parameter)
{
    if (isAmong(parameter, {"offset", "skip", "start", "startindex", "startat", "from",
                            "firstresult", "startrow", "pageoffset"}))
        return PageStyle::Offset;
    if (isAmong(parameter, {"page", "p", "pagenumber", "pageno", "pageindex", "paged",
                            "currentpage", "pagenum"}))
        return PageStyle::Number;
    return std::nullopt;
}

bool isTokenParameter(std::string_view parameter)
{
    return isAmong(parameter,
                   {"cursor", "after", "pagetoken", "nexttoken", "continuationtoken", "marker",
                    "startingafter", "pagecursor", "pageafter", "paginationtoken", "continuation",
                    "nextcursor", "nextpagetoken", "locator", "skiptoken"});
}

bool isSizeParameter(std::string_view parameter, std::string_view position)
{
    // `rows` and `count` may mean something else.
    if (isAmong(parameter, {"rows", "count"}))
        return isAmong(position, {"start", "startindex"});
    return isAmong(parameter, {"limit", "top", "perpage", "pagesize", "size", "max", "maxresults",
                               "take", "resultsperpage", "itemsperpage", "first", "maxrecords"});
}

std::string sizeParameterFor(std::string_view position)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kPairs = {{
        {"$offset", "$limit"},
        {"$skip", "$top"},
        {"start", "rows"},
        {"skip", "take"},
        {"page[number]", "page[size]"},
    }};
    for (const auto &[known, size] : kPairs) {
        if (known == position)
            return std::string(size);
    }
    return "limit";
}

} // namespace freshet::transfer
