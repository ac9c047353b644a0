// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_guard.h"

#include "decode/foreign_content.h"
#include "transport/ascii.h"
#include "transport/url.h"

#include <algorithm>
#include <array>
#include <utility>

namespace freshet::transfer {

namespace {

/// So much of a page has its title, where it has one early.
constexpr std::size_t kEnough = 1024;

std::string suffixOf(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    return dot == name.npos || dot == 0 ? std::string() : transport::lowered(name.substr(dot + 1));
}

std::string titleOf(std::string_view page)
{
    const std::string small = transport::lowered(page);
    const std::size_t tag = small.find("<title");
    const std::size_t begin = small.find('>', tag == small.npos ? small.size() : tag);
    const std::size_t end = small.find("</title", begin == small.npos ? small.size() : begin);
    if (begin == small.npos || end == small.npos)
        return {};
    return std::string(transport::trimmed(page.substr(begin + 1, end - begin - 1)));
}

} // namespace

bool excludesPage(std::string_view fileName, std::string_view url)
{
    std::string suffix = suffixOf(fileName);
    if (suffix.empty()) {
        if (const auto parsed = transport::Url::parse(std::string(url)))
            suffix = suffixOf(parsed->fileName());
    }
    static constexpr auto kMayBePages = std::to_array<std::string_view>(
        {"", "html", "htm", "xhtml", "shtml", "mhtml", "svg", "php", "asp", "aspx", "jsp", "do",
         "cgi", "cfm", "pl", "part", "tmp", "bak"});
    return std::ranges::find(kMayBePages, suffix) == kMayBePages.end();
}

Result<std::string> PageGuard::take(std::string_view bytes)
{
    if (m_isOpen)
        return std::string(bytes);
    m_held += bytes;
    const std::size_t first = m_held.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    const bool mayBePage = first == m_held.npos || m_held[first] == '<';
    return mayBePage && m_held.size() < kEnough ? std::string() : judge();
}

Result<std::string> PageGuard::finish()
{
    if (m_isOpen || m_held.empty())
        return std::string();
    return judge();
}

Result<std::string> PageGuard::judge()
{
    if (decode::foreignContent(m_held) == "an HTML page") {
        const std::string title = titleOf(m_held);
        return fail(Error{.code = ErrorCode::WrongContentType,
                          .detail = "the server sends an HTML page in place of " + m_fileName +
                                    (title.empty() ? "" : ", with the title \"" + title + '"'),
                          .byteOffset = ByteOffset(0),
                          .excerpt = Error::excerptOf(m_held)});
    }
    m_isOpen = true;
    return std::exchange(m_held, {});
}

} // namespace freshet::transfer
