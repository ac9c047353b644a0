// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_finder.h"

#include "decode/json_text.h"
#include "transfer/declared_totals.h"
#include "transfer/page_names.h"
#include "transfer/page_place.h"
#include "transfer/verdict.h"
#include "transport/ascii.h"
#include "transport/link_header.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace freshet::transfer {

namespace {

using Fields = std::map<std::string, std::string>;
using Field = std::pair<std::string, std::string>;

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t value = 0;
    const char *const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (text.empty() || problem != std::errc() || stop != end || value < 0)
        return std::nullopt;
    return value;
}

std::optional<bool> truth(std::string_view text)
{
    if (text == "true")
        return true;
    if (text == "false")
        return false;
    return std::nullopt;
}

/// Under a name that promises an address, a relative one too: `rows?$skiptoken=x`.
bool isAddress(std::string_view text, PageSign sign)
{
    if (sign == PageSign::NextUrl)
        return text.find_first_of("/?") != std::string_view::npos;
    return text.starts_with("http://") || text.starts_with("https://") || text.starts_with('/') ||
           text.starts_with('?');
}

/// Looks at one answer.
class Search
{
public:
    Search(const transport::ByteRequest &request, const PageAnswer &answer)
        : m_request(request),
          m_answer(answer),
          m_fields(fieldsBesideRows(answer.findings)),
          m_signs(readSigns(answer, {})),
          m_parameters(queryParameters(request.url))
    {}

    std::optional<FoundPages> find()
    {
        using Way = std::optional<FoundPages> (Search::*)();
        static constexpr std::array<Way, 7> kWays = {
            &Search::graphQl, &Search::link,   &Search::scroll, &Search::address,
            &Search::token,   &Search::number, &Search::offset};
        for (const Way way : kWays) {
            if (auto found = (this->*way)()) {
                found->sentence = sentenceFor(found->rule);
                return found;
            }
        }
        return std::nullopt;
    }

    const PageSigns &signs() const { return m_signs; }

private:
    std::optional<FoundPages> graphQl()
    {
        const auto query = decode::jsonAt(m_request.body, std::array{std::string("query")});
        const auto cursor = fieldWith(PageSign::NextToken, "endCursor");
        if (!query || !cursor || saysNoMore())
            return std::nullopt;
        FoundPages found{.rule = {.style = PageStyle::GraphQl}};
        found.rule.positionFrom = cursor->first;
        found.rule.positionTo = "body:$.variables." + variableOf(*query, "after").value_or("after");
        if (const auto size = variableOf(*query, "first"))
            found.rule.sizeTo = "body:$.variables." + *size;
        found.isCertain = m_signs.hasMore.has_value();
        return found;
    }

    std::optional<FoundPages> link()
    {
        const auto next = transport::nextLink(m_answer.head.headers, m_answer.head.finalUrl);
        if (!next || !*next)
            return std::nullopt;
        return FoundPages{.rule = {.style = PageStyle::Link}, .isCertain = true};
    }

    std::optional<FoundPages> scroll()
    {
        const auto id = fieldWith(PageSign::ScrollId);
        if (!id || m_answer.rows == 0)
            return std::nullopt;
        FoundPages found{.rule = {.style = PageStyle::Scroll, .positionFrom = id->first}};
        found.rule.positionTo = "body:$.scroll_id";
        found.isCertain = m_signs.total && m_signs.total->value > m_answer.rows;
        return found;
    }

    std::optional<FoundPages> address()
    {
        if (saysNoMore())
            return std::nullopt;
        for (const PageSign sign : {PageSign::NextUrl, PageSign::NextMaybe}) {
            const auto field = fieldWith(sign);
            if (!field || !isAddress(field->second, sign))
                continue;
            return FoundPages{.rule = {.style = PageStyle::Next, .positionFrom = field->first},
                              .isCertain = true};
        }
        return std::nullopt;
    }

    std::optional<FoundPages> token()
    {
        if (saysNoMore())
            return std::nullopt;
        auto field = fieldWith(PageSign::NextToken);
        bool isCertain =
            field && transport::equalsIgnoringCase(lastName(field->first).substr(0, 4), "next");
        if (!field) {
            if (const auto locator = findHeader(m_answer.head.headers, "Sforce-Locator");
                locator && *locator != "null")
                field = Field("header:Sforce-Locator", *locator);
            isCertain = field.has_value();
        }
        if (!field)
            field = maybeToken();
        if (!field)
            return std::nullopt;
        const bool isHeader = field->first.starts_with("header:");
        const std::string name = isHeader ? field->first.substr(7) : lastName(field->first);
        FoundPages found{.rule = {.style = PageStyle::Cursor, .positionFrom = field->first}};
        found.rule.positionTo = parameterLike(isTokenParameter).value_or(parameterForToken(name));
        found.rule.sizeTo = sizeParameter(found.rule.positionTo);
        found.isCertain = isCertain || m_signs.hasMore;
        return found;
    }

    std::optional<FoundPages> number()
    {
        if (saysNoMore())
            return std::nullopt;
        const auto parameter = parameterLike(
            [](std::string_view name) { return countedStyleOf(name) == PageStyle::Number; });
        const auto current = currentNumber(parameter);
        const auto next = fieldWith(PageSign::NextMaybe);
        const bool isNamed = next && wholeNumber(next->second);
        const bool isBefore =
            m_signs.lastNumber && m_signs.lastNumber->value > std::max<std::int64_t>(current, 1);
        if (!isNamed && !isBefore && (!parameter || (m_signs.lastNumber && !isBefore)))
            return std::nullopt;
        FoundPages found{.rule = {.style = PageStyle::Number}};
        found.rule.positionTo = parameter.value_or("page");
        found.rule.sizeTo = sizeParameter(found.rule.positionTo);
        found.rule.first = current;
        found.isCertain = isNamed || isBefore || isShortOfTotal();
        return found;
    }

    std::optional<FoundPages> offset()
    {
        const auto isOffset = [](std::string_view name) {
            return countedStyleOf(name) == PageStyle::Offset;
        };
        auto parameter = parameterLike(isOffset);
        const bool isSaid = isShortOfTotal() || (m_signs.hasMore && m_signs.hasMore->value);
        for (auto field = m_fields.begin(); !parameter && field != m_fields.end(); ++field) {
            if (isSaid && isOffset(lastName(field->first)) && wholeNumber(field->second))
                parameter = lastName(field->first);
        }
        const std::string size = sizeParameter(parameter.value_or("offset"));
        if (saysNoMore() || (!parameter && (size.empty() || !isSaid)))
            return std::nullopt;
        FoundPages found{.rule = {.style = PageStyle::Offset}};
        found.rule.positionTo = parameter.value_or("offset");
        found.rule.sizeTo = size;
        found.isCertain = isSaid;
        return found;
    }

    bool saysNoMore() const
    {
        return (m_signs.hasMore && !m_signs.hasMore->value) ||
               (m_signs.total && m_signs.total->value == m_answer.rows && m_answer.rows > 0);
    }

    /// A total above the rows here, where the request or the answer speaks of page sizes too.
    bool isShortOfTotal() const
    {
        if (!m_signs.total || m_signs.total->value <= m_answer.rows)
            return false;
        const auto speaksOfPages = [](std::string_view name) {
            return isSizeParameter(name, {}) || countedStyleOf(name).has_value();
        };
        return parameterLike(speaksOfPages) ||
               std::ranges::any_of(m_fields, [&](const auto &field) {
                   return speaksOfPages(lastName(field.first)) && wholeNumber(field.second);
               });
    }

    std::optional<Field> fieldWith(PageSign sign, std::string_view name = {}) const
    {
        const Fields::value_type *best = nullptr;
        for (const auto &field : m_fields) {
            const std::string last = lastName(field.first);
            if (signOf(last) != sign || field.second.empty() || (!name.empty() && last != name))
                continue;
            // `nextCursor` rather than `cursor`, which may repeat what was asked for.
            const bool isNext = transport::equalsIgnoringCase(last.substr(0, 4), "next");
            if (best == nullptr || (isNext && !transport::equalsIgnoringCase(
                                                  lastName(best->first).substr(0, 4), "next")))
                best = &field;
        }
        if (best == nullptr)
            return std::nullopt;
        return Field(*best);
    }

    /// `next` that is no address, where something else says that there is more.
    std::optional<Field> maybeToken() const
    {
        auto field = fieldWith(PageSign::NextMaybe);
        if (!field || isAddress(field->second, PageSign::NextMaybe) || wholeNumber(field->second) ||
            (!m_signs.hasMore && !parameterLike(isTokenParameter)))
            return std::nullopt;
        return field;
    }

    template <typename Predicate>
    std::optional<std::string> parameterLike(Predicate isWanted) const
    {
        for (const auto &[name, value] : m_parameters) {
            if (isWanted(name))
                return name;
        }
        return std::nullopt;
    }

    /// The size parameter that the request has already.
    std::string sizeParameter(std::string_view position) const
    {
        return parameterLike(
                   [position](std::string_view name) { return isSizeParameter(name, position); })
            .value_or("");
    }

    std::int64_t currentNumber(const std::optional<std::string> &parameter) const
    {
        if (parameter) {
            if (const auto sent = wholeNumber(valueIn(m_request, *parameter).value_or("")))
                return *sent;
        }
        for (const auto &[path, text] : m_fields) {
            const std::string name = lastName(path);
            const auto value = wholeNumber(text);
            if (value && (countedStyleOf(name) == PageStyle::Number || name == "number"))
                return *value;
        }
        return 1;
    }

    /// `name` in `argument: $name`.
    static std::optional<std::string> variableOf(std::string_view query, std::string_view argument)
    {
        constexpr std::string_view kBlanks = " \t\r\n";
        constexpr std::string_view kName =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
        for (std::size_t at = 0; (at = query.find(argument, at)) != std::string_view::npos; ++at) {
            const std::size_t colon = query.find_first_not_of(kBlanks, at + argument.size());
            if (colon == std::string_view::npos || query[colon] != ':')
                continue;
            const std::size_t dollar = query.find_first_not_of(kBlanks, colon + 1);
            if (dollar == std::string_view::npos || query[dollar] != '$')
                continue;
            const std::size_t end =
                std::min(query.find_first_not_of(kName, dollar + 1), query.size());
            return std::string(query.substr(dollar + 1, end - dollar - 1));
        }
        return std::nullopt;
    }

    std::string sentenceFor(const PageRule &rule) const
    {
        std::string text = "looks like pages by " + std::string(pageStyleText(rule.style));
        if (rule.style == PageStyle::Link)
            text += ": rel=next";
        else if (rule.positionTo.empty())
            text += ": " + rule.positionFrom;
        else if (rule.positionFrom.empty())
            text += ": " + rule.positionTo;
        else
            text += ": " + rule.positionFrom + " → " + rule.positionTo;
        text += "; " + groupedDigits(m_answer.rows);
        if (m_signs.total && m_signs.total->value > m_answer.rows)
            text += " of " + groupedDigits(m_signs.total->value);
        return text + " rows";
    }

    const transport::ByteRequest &m_request;
    const PageAnswer &m_answer;
    const Fields m_fields;
    const PageSigns m_signs;
    const std::vector<std::pair<std::string, std::string>> m_parameters;
};

/// Elasticsearch counts no further than it needs to: `{"value": 10000, "relation": "gte"}`.
bool isLowerBound(const Fields &fields, const std::string &path)
{
    if (!path.ends_with(".value"))
        return false;
    const auto relation = fields.find(path.substr(0, path.size() - 5) + "relation");
    return relation != fields.end() && relation->second != "eq";
}

std::optional<PageSigns::Sign<bool>> moreOf(PageSign sign, const std::string &path,
                                            const std::string &text)
{
    const auto value = truth(text);
    if (!value || (sign != PageSign::More && sign != PageSign::Last))
        return std::nullopt;
    return PageSigns::Sign<bool>{*value == (sign == PageSign::More), path};
}

} // namespace

PageSigns readSigns(const PageAnswer &answer, const std::string &moreFrom)
{
    PageSigns signs;
    const Fields fields = fieldsBesideRows(answer.findings);
    for (const auto &[path, text] : fields) {
        const PageSign sign = signOf(lastName(path));
        if (!signs.hasMore && moreFrom.empty())
            signs.hasMore = moreOf(sign, path, text);
        const auto number = wholeNumber(text);
        if (!number || path.ends_with(".href"))
            continue;
        const bool isTotal = sign == PageSign::Total
                                 ? *number >= answer.rows && !isLowerBound(fields, path)
                                 : sign == PageSign::Count && *number > answer.rows;
        if (isTotal && (!signs.total || sign == PageSign::Total))
            signs.total = {*number, path};
        if (sign == PageSign::LastNumber)
            signs.lastNumber = {*number, path};
    }
    if (!moreFrom.empty()) {
        const PageSign sign = signOf(lastName(moreFrom));
        const auto text = textAt(moreFrom, answer.head, answer.findings);
        signs.hasMore =
            moreOf(sign == PageSign::Last ? sign : PageSign::More, moreFrom, text.value_or(""));
    }
    for (const auto &total : declaredTotals(answer.head.headers)) {
        if (!signs.total && total.rows.value() >= answer.rows)
            signs.total = {total.rows.value(), total.from};
    }
    return signs;
}

std::optional<FoundPages> findPages(const transport::ByteRequest &request, const PageAnswer &answer)
{
    return Search(request, answer).find();
}

std::optional<DeclaredTotal> totalOfDocument(const PageAnswer &answer)
{
    if (answer.findings.format != decode::Format::Json || answer.findings.rowsAt == "$")
        return std::nullopt;
    const auto total = readSigns(answer, {}).total;
    const bool isClear =
        total && total->from.starts_with('$') && signOf(lastName(total->from)) == PageSign::Total;
    if (!isClear)
        return std::nullopt;
    return DeclaredTotal{RowCount(total->value), total->from};
}

std::optional<std::string> tellsOfMore(const transport::ByteRequest &request,
                                       const PageAnswer &answer)
{
    const bool isDocument = answer.findings.format == decode::Format::Json;
    // A document that is one row, or whose members are the rows, has no members beside them.
    if (isDocument && answer.findings.rowsAt == "$" && !answer.findings.envelope.empty())
        return std::nullopt;
    const auto found = findPages(request, answer);
    if (found && found->isCertain) {
        std::string_view what = found->sentence;
        what.remove_prefix(what.find(": ") + 2);
        return "the server says there is more: " + std::string(what) + "; get it with --page " +
               std::string(pageStyleName(found->rule.style));
    }
    const auto more = readSigns(answer, {}).hasMore;
    const bool isClear = more && more->value && signOf(lastName(more->from)) == PageSign::More &&
                         lastName(more->from) != "more";
    if (!isClear)
        return std::nullopt;
    return "the server says there is more: " + more->from + " is true";
}

} // namespace freshet::transfer
