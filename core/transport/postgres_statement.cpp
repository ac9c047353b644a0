// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/postgres_statement.h"

#include "transport/ascii.h"

#include <algorithm>
#include <array>

namespace freshet::transport {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";

/// Of a name that nobody closed.
std::string withoutQuotes(std::string_view name)
{
    std::string plain(name);
    std::erase(plain, '"');
    return plain;
}

/// A name of ours for a column, whatever the query calls it.
std::string alias(std::size_t column)
{
    return 'c' + std::to_string(column + 1);
}

/// Behind the quoted text that begins at `at` and ends at the next `quote`, which doubled is no
/// end; with `escapes`, neither is one behind a backslash.
std::size_t quotedEnd(std::string_view sql, std::size_t at, char quote, bool escapes)
{
    for (++at; at < sql.size(); ++at) {
        if (escapes && sql[at] == '\\')
            ++at;
        else if (sql[at] == quote && sql.substr(at + 1).starts_with(quote))
            ++at;
        else if (sql[at] == quote)
            return at + 1;
    }
    return sql.size();
}

/// Behind a comment that begins at `at`; they nest.
std::size_t commentEnd(std::string_view sql, std::size_t at)
{
    for (int depth = 0; at < sql.size();) {
        const std::string_view two = sql.substr(at, 2);
        depth += two == "/*" ? 1 : two == "*/" ? -1 : 0;
        at += two == "/*" || two == "*/" ? 2 : 1;
        if (depth == 0)
            break;
    }
    return std::min(at, sql.size());
}

bool isWordCharacter(char c)
{
    return isDigit(c) || (toLower(c) >= 'a' && toLower(c) <= 'z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// Behind `$tag$ … $tag$`, or behind the dollar sign if it begins no such text.
std::size_t dollarEnd(std::string_view sql, std::size_t at)
{
    std::size_t tag = at + 1;
    while (tag < sql.size() && isWordCharacter(sql[tag]))
        ++tag;
    if (tag == sql.size() || sql[tag] != '$' || isDigit(sql[at + 1]))
        return at + 1;
    const std::string_view mark = sql.substr(at, tag + 1 - at);
    const std::size_t end = sql.find(mark, tag + 1);
    return end == std::string_view::npos ? sql.size() : end + mark.size();
}

/// Behind the comment, text, word or single character that begins at `at`.
/// Source: PostgreSQL 15, section 4.1, "Lexical Structure".
std::size_t tokenEnd(std::string_view sql, std::size_t at)
{
    const std::string_view rest = sql.substr(at);
    if (rest.starts_with("--"))
        return std::min(sql.find('\n', at), sql.size());
    if (rest.starts_with("/*"))
        return commentEnd(sql, at);
    const char first = rest.front();
    if (first == '\'' || first == '"')
        return quotedEnd(sql, at, first, false);
    if (toLower(first) == 'e' && rest.substr(1).starts_with('\''))
        return quotedEnd(sql, at + 1, '\'', true);
    if (first == '$')
        return dollarEnd(sql, at);
    if (!isWordCharacter(first))
        return at + 1;
    while (at < sql.size() && (isWordCharacter(sql[at]) || sql[at] == '$'))
        ++at;
    return at;
}

/// Without blanks, comments and opening parentheses in front.
std::string_view withoutPrelude(std::string_view sql)
{
    std::size_t at = 0;
    while (at < sql.size() &&
           (kBlanks.find(sql[at]) != std::string_view::npos || sql[at] == '(' ||
            sql.substr(at).starts_with("--") || sql.substr(at).starts_with("/*")))
        at = tokenEnd(sql, at);
    return sql.substr(at);
}

Result<std::vector<std::string>> keyAliases(const std::vector<QueryColumn> &columns,
                                            const KeyRange &range)
{
    std::vector<std::string> aliases;
    for (const std::string &name : range.columns) {
        const auto isNamed = [&name](const QueryColumn &column) {
            return column.sent.name == name;
        };
        const auto found = std::ranges::find_if(columns, isNamed);
        if (found == columns.end())
            return fail(ErrorCode::InvalidArgument,
                        "key: the query gives no column \"" + name + '"');
        if (std::ranges::count_if(columns, isNamed) > 1)
            return fail(ErrorCode::InvalidArgument,
                        "key: the query gives several columns \"" + name + '"');
        aliases.push_back(alias(static_cast<std::size_t>(found - columns.begin())));
    }
    return aliases;
}

template <typename Items, typename Text>
std::string joined(const Items &items, Text text)
{
    std::string list;
    for (const auto &item : items)
        list += (list.empty() ? "" : ", ") + text(item);
    return list;
}

} // namespace

std::string_view trimmedQuery(std::string_view sql)
{
    std::size_t end = 0; // behind the last byte that means something
    for (std::size_t at = 0; at < sql.size();) {
        const std::size_t next = tokenEnd(sql, at);
        const std::string_view token = sql.substr(at, next - at);
        const bool isNothing = kBlanks.find(token.front()) != std::string_view::npos ||
                               token == ";" || token.starts_with("--") || token.starts_with("/*");
        if (!isNothing)
            end = next;
        at = next;
    }
    return sql.substr(0, end);
}

bool isQuery(std::string_view sql)
{
    const std::string_view text = withoutPrelude(sql);
    const auto isLetter = [](char c) {
        return toLower(c) >= 'a' && toLower(c) <= 'z';
    };
    const auto *const end = std::ranges::find_if_not(text, isLetter);
    const std::string word = lowered(text.substr(0, static_cast<std::size_t>(end - text.begin())));
    constexpr std::array<std::string_view, 4> kQueries = {"select", "values", "table", "with"};
    return std::ranges::find(kQueries, word) != kQueries.end();
}

Result<std::string> sentQuery(std::string_view sql, const std::vector<QueryColumn> &columns,
                              const KeyRange &range)
{
    const std::string query(trimmedQuery(sql));
    const auto key = keyAliases(columns, range);
    if (!key)
        return fail(key.error());
    const bool isAsItIs = std::ranges::all_of(
        columns, [](const QueryColumn &column) { return column.writer.empty(); });
    if (isAsItIs && key->empty())
        return query;

    std::string list;
    std::string aliases;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string name = alias(i);
        const std::string &writer = columns[i].writer;
        list += (i == 0 ? "" : ", ") + (writer.empty() ? name : writer + '(' + name + ")::text");
        aliases += (i == 0 ? "" : ", ") + name;
    }
    // On a line of its own, the end of the query cannot hide what follows in a comment.
    std::string text = "select " + list + " from (" + query + "\n) as q (" + aliases + ')';
    if (key->empty())
        return text;
    const std::string order = joined(*key, [](const std::string &name) { return name; });
    if (!range.after.empty()) {
        if (range.after.size() != key->size())
            return fail(ErrorCode::InvalidArgument,
                        "key: the place to go on from is another key's");
        text += " where (" + order + ") > (" + joined(range.after, quotedLiteral) + ')';
    }
    text += " order by " + order;
    if (range.limit)
        text += " limit " + std::to_string(*range.limit);
    return text;
}

namespace {

std::string quoted(std::string_view text, char quote)
{
    std::string out(1, quote);
    for (const char c : text) {
        if (c == quote)
            out += c;
        out += c;
    }
    return out + quote;
}

} // namespace

std::string quotedLiteral(std::string_view text)
{
    return quoted(text, '\'');
}

std::string quotedIdentifier(std::string_view name)
{
    return quoted(name, '"');
}

std::string tableQuery(std::string_view table)
{
    std::string text = "select * from ";
    for (bool isFirst = true; isFirst || !table.empty(); isFirst = false) {
        std::size_t end = std::string_view::npos;
        if (table.starts_with('"')) {
            end = table.find('"', 1);
            while (end != std::string_view::npos && table.substr(end + 1).starts_with('"'))
                end = table.find('"', end + 2);
            end = end == std::string_view::npos ? table.size() : end + 1;
        } else {
            end = std::min(table.find('.'), table.size());
        }
        const std::string_view part = table.substr(0, end);
        text += isFirst ? "" : ".";
        const bool isQuoted = part.starts_with('"') && part.size() > 1 && part.ends_with('"');
        text += isQuoted ? std::string(part) : quotedIdentifier(withoutQuotes(part));
        table.remove_prefix(std::min(end + 1, table.size()));
    }
    return text;
}

} // namespace freshet::transport
