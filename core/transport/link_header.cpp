// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/link_header.h"

#include "transport/ascii.h"
#include "transport/url.h"

#include <algorithm>
#include <utility>

namespace freshet::transport {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// Walks over one field value.
class LinkReader
{
public:
    explicit LinkReader(std::string_view text) : m_text(text) {}

    /// The next link, or nothing at the end.
    std::optional<WebLink> next()
    {
        const std::size_t open = m_text.find('<', m_at);
        const std::size_t close =
            open == std::string_view::npos ? open : m_text.find('>', open + 1);
        if (close == std::string_view::npos)
            return std::nullopt;
        WebLink link;
        link.target = std::string(withoutBlanks(m_text.substr(open + 1, close - open - 1)));
        m_at = close + 1;
        bool hasRelation = false;
        while (skipBlanks() && m_text[m_at] == ';') {
            ++m_at;
            takeParameter(link, hasRelation);
        }
        skipToComma();
        return link;
    }

private:
    /// Output: whether anything follows.
    bool skipBlanks()
    {
        m_at = std::min(m_text.find_first_not_of(kBlanks, m_at), m_text.size());
        return m_at < m_text.size();
    }
    /// What stands behind a link and is no parameter.
    void skipToComma() { m_at = std::min(m_text.find(',', m_at), m_text.size()); }

    static std::string_view withoutBlanks(std::string_view text)
    {
        const std::size_t first = text.find_first_not_of(kBlanks);
        if (first == std::string_view::npos)
            return {};
        return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
    }

    void takeParameter(WebLink &link, bool &hasRelation)
    {
        skipBlanks();
        const std::size_t end = std::min(m_text.find_first_of("=;,", m_at), m_text.size());
        const std::string name = lowered(withoutBlanks(m_text.substr(m_at, end - m_at)));
        m_at = end;
        std::string value;
        if (m_at < m_text.size() && m_text[m_at] == '=') {
            ++m_at;
            value = takeValue();
        }
        if (name.empty() || name.ends_with('*'))
            return;
        if (name != "rel") {
            link.parameters.push_back({name, std::move(value)});
        } else if (!std::exchange(hasRelation, true)) { // RFC 8288 §3.3: later ones do not count
            link.relations = wordsOf(value);
        }
    }

    std::string takeValue()
    {
        if (!skipBlanks())
            return {};
        if (m_text[m_at] == '"')
            return takeQuoted();
        const std::size_t end = std::min(m_text.find_first_of(";,", m_at), m_text.size());
        const auto value = withoutBlanks(m_text.substr(m_at, end - m_at));
        m_at = end;
        return std::string(value);
    }

    std::string takeQuoted()
    {
        std::string value;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                ++m_at;
            value += m_text[m_at];
        }
        m_at = std::min(m_at + 1, m_text.size());
        return value;
    }

    static std::vector<std::string> wordsOf(std::string_view text)
    {
        std::vector<std::string> words;
        while (!(text = withoutBlanks(text)).empty()) {
            const std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
            words.emplace_back(text.substr(0, end));
            text.remove_prefix(end);
        }
        return words;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

bool isAboutSomethingElse(const WebLink &link)
{
    const auto anchor = findHeader(link.parameters, "anchor");
    return anchor && !anchor->empty();
}

} // namespace

bool WebLink::hasRelation(std::string_view relation) const
{
    return std::ranges::any_of(relations, [relation](const std::string &word) {
        return equalsIgnoringCase(word, relation);
    });
}

std::vector<WebLink> parseLinks(std::string_view value)
{
    std::vector<WebLink> links;
    LinkReader reader(value);
    while (auto link = reader.next())
        links.push_back(std::move(*link));
    return links;
}

Result<std::optional<std::string>> nextLink(const std::vector<Header> &headers,
                                            std::string_view requestUrl)
{
    for (const auto &[name, value] : headers) {
        if (!equalsIgnoringCase(name, "Link"))
            continue;
        for (const auto &link : parseLinks(value)) {
            if (!link.hasRelation("next") || isAboutSomethingElse(link))
                continue;
            const auto base = Url::parse(requestUrl);
            if (!base)
                return fail(base.error());
            const auto target = base->resolve(link.target);
            if (!target)
                return fail(target.error());
            return std::optional(target->text());
        }
    }
    return std::nullopt;
}

} // namespace freshet::transport
