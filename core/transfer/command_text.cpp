// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/command_text.h"

#include "transfer/shell_words.h"

#include <algorithm>
#include <cctype>

namespace freshet::transfer {

namespace {

constexpr std::string_view kNextLine = " \\\n  ";

/// `X-Api-Key` → `X_API_KEY`.
std::string variableFor(std::string_view name)
{
    std::string variable;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        variable +=
            std::isalnum(byte) != 0 && byte < 0x80 ? static_cast<char>(std::toupper(byte)) : '_';
    }
    if (variable.empty() || std::isdigit(static_cast<unsigned char>(variable.front())) != 0)
        variable.insert(variable.begin(), '_');
    return variable;
}

/// `text` as it stands between double quotes.
std::string insideDoubleQuotes(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '"' || c == '\\' || c == '$' || c == '`')
            escaped += '\\';
        escaped += c;
    }
    return escaped;
}

/// Quoted, but nothing for an empty text, which joins others to one word.
std::string joined(std::string_view text)
{
    return text.empty() ? std::string() : shellQuoted(text);
}

/// Name and password that stand before the host, if any.
bool hasUserInfo(std::string_view url)
{
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos)
        return false;
    const std::string_view rest = url.substr(scheme + 3);
    return rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string_view::npos;
}

std::string urlWord(std::string_view url)
{
    const std::string masked = transport::withoutSecrets(url);
    const std::string mask = '=' + std::string(transport::kMaskedSecret);
    std::string word;
    std::size_t from = 0;
    if (hasUserInfo(url)) {
        from = masked.find("://") + 3;
        word = shellQuoted(masked.substr(0, from)) + "\"$URL_USER:$URL_PASSWORD\"@";
    }
    for (std::size_t at = masked.find(mask, from); at != std::string::npos;
         at = masked.find(mask, from)) {
        const std::size_t before = masked.find_last_of("?&;#", at);
        const std::size_t begin = before == std::string::npos ? from : std::max(before + 1, from);
        word += joined(masked.substr(from, at + 1 - from));
        word += "\"$" + variableFor(masked.substr(begin, at - begin)) + '"';
        from = at + mask.size();
    }
    word += joined(masked.substr(from));
    return word;
}

} // namespace

void CommandText::add(std::string_view word)
{
    m_text.append(" ").append(shellQuoted(word));
}

void CommandText::addFlag(std::string_view option)
{
    m_text.append(kNextLine).append(option);
}

void CommandText::addOption(std::string_view option, std::string_view value)
{
    m_text.append(kNextLine).append(option).append(" ").append(shellQuoted(value));
}

void CommandText::addHeader(std::string_view option, const transport::Header &header)
{
    if (transport::isSecretHeader(header.name))
        addSecretHeader(option, header.name);
    else
        addOption(option, header.name + ": " + header.value);
}

void CommandText::addSecretHeader(std::string_view option, std::string_view name)
{
    m_text.append(kNextLine).append(option);
    m_text += " \"" + insideDoubleQuotes(name) + ": $" + variableFor(name) + '"';
}

void CommandText::addUrl(std::string_view url)
{
    m_text.append(" ").append(urlWord(url));
}

void CommandText::addUrlOption(std::string_view option, std::string_view url)
{
    m_text.append(kNextLine).append(option).append(" ").append(urlWord(url));
}

} // namespace freshet::transfer
