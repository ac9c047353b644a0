// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/shell_words.h"

#include <QUtf8StringView>

#include <algorithm>
#include <optional>

namespace freshet::transfer {

namespace {

/// Appends `codePoint` as UTF-8.
void appendUtf8(std::string &out, unsigned codePoint)
{
    if (codePoint < 0x80) {
        out += static_cast<char>(codePoint);
    } else if (codePoint < 0x800) {
        out += static_cast<char>(0xc0 | (codePoint >> 6));
        out += static_cast<char>(0x80 | (codePoint & 0x3f));
    } else {
        out += static_cast<char>(0xe0 | (codePoint >> 12));
        out += static_cast<char>(0x80 | ((codePoint >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (codePoint & 0x3f));
    }
}

int hexValue(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

class ShellReader
{
public:
    explicit ShellReader(std::string_view text) : m_text(text) {}

    Result<std::vector<std::string>> read()
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at++];
            switch (c) {
            case '\'':
                FRESHET_TRY(readSingle());
                break;
            case '"':
                FRESHET_TRY(readDouble());
                break;
            case '\\':
                readEscape();
                break;
            case '$':
                if (m_at < m_text.size() && m_text[m_at] == '\'') {
                    ++m_at;
                    FRESHET_TRY(readAnsi());
                } else {
                    add(c);
                }
                break;
            case '\n':
            case ';':
            case '|':
            case '>':
            case '<':
                endWord();
                // Blank lines before the command and line ends of a pasted text are no commands.
                if (c == '\n' && m_words.empty())
                    break;
                return std::move(m_words);
            case '&':
                // `&` inside an unquoted URL is a slip of the pen rather than a second command.
                if (!m_hasWord)
                    return std::move(m_words);
                add(c);
                break;
            case ' ':
            case '\t':
            case '\r':
                endWord();
                break;
            default:
                add(c);
            }
        }
        endWord();
        return std::move(m_words);
    }

private:
    void add(char c)
    {
        m_word += c;
        m_hasWord = true;
    }

    void endWord()
    {
        if (m_hasWord)
            m_words.push_back(std::move(m_word));
        m_word.clear();
        m_hasWord = false;
    }

    /// A backslash outside quotes; before a line end it joins the lines.
    void readEscape()
    {
        if (m_text.substr(m_at).starts_with("\r\n"))
            m_at += 2;
        else if (m_at < m_text.size() && m_text[m_at] == '\n')
            ++m_at;
        else if (m_at < m_text.size())
            add(m_text[m_at++]);
    }

    Status readSingle()
    {
        m_hasWord = true;
        const auto end = m_text.find('\'', m_at);
        if (end == std::string_view::npos)
            return fail(ErrorCode::InvalidArgument, "a single quote is not closed");
        m_word += m_text.substr(m_at, end - m_at);
        m_at = end + 1;
        return {};
    }

    Status readDouble()
    {
        m_hasWord = true;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at++];
            if (c == '"')
                return {};
            if (c != '\\' || m_at == m_text.size()) {
                m_word += c;
                continue;
            }
            const char next = m_text[m_at++];
            if (next == '\n')
                continue;
            if (next != '"' && next != '\\' && next != '$' && next != '`')
                m_word += '\\';
            m_word += next;
        }
        return fail(ErrorCode::InvalidArgument, "a double quote is not closed");
    }

    /// $'…' with C escapes, as browsers write texts that hold a quote.
    Status readAnsi()
    {
        m_hasWord = true;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at++];
            if (c == '\'')
                return {};
            if (c != '\\' || m_at == m_text.size()) {
                m_word += c;
                continue;
            }
            readAnsiEscape(m_text[m_at++]);
        }
        return fail(ErrorCode::InvalidArgument, "a quote opened by $' is not closed");
    }

    void readAnsiEscape(char c)
    {
        switch (c) {
        case 'n':
            m_word += '\n';
            break;
        case 'r':
            m_word += '\r';
            break;
        case 't':
            m_word += '\t';
            break;
        case 'x':
            readHex(2, false);
            break;
        case 'u':
            readHex(4, true);
            break;
        default:
            m_word += c;
        }
    }

    void readHex(int most, bool isCodePoint)
    {
        unsigned value = 0;
        for (int i = 0; i < most && m_at < m_text.size(); ++i, ++m_at) {
            const int digit = hexValue(m_text[m_at]);
            if (digit < 0)
                break;
            value = value * 16 + static_cast<unsigned>(digit);
        }
        if (isCodePoint)
            appendUtf8(m_word, value);
        else
            m_word += static_cast<char>(value);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<std::string> m_words;
    std::string m_word;
    bool m_hasWord = false;
};

/// UTF-8 without control characters but line ends and tabs.
bool isShowable(std::string_view text)
{
    if (std::ranges::any_of(text, [](char c) {
            return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
        }))
        return false;
    return QUtf8StringView(text.data(), std::ssize(text)).isValidUtf8();
}

} // namespace

Result<std::vector<std::string>> shellWords(std::string_view command)
{
    return ShellReader(command).read();
}

std::string shellQuoted(std::string_view text)
{
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789_@%+=:,./-";
    if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos)
        return std::string(text);
    std::string quoted;
    if (isShowable(text)) {
        quoted = "'";
        for (const char c : text) {
            if (c == '\'')
                quoted += "'\\''";
            else
                quoted += c;
        }
        return quoted + '\'';
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    quoted = "$'";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\'' || c == '\\')
            quoted.append(1, '\\').append(1, c);
        else if (c == '\n')
            quoted += "\\n";
        else if (byte < 0x20 || byte >= 0x7F)
            quoted.append("\\x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 0xF]);
        else
            quoted += c;
    }
    return quoted + '\'';
}

} // namespace freshet::transfer
