// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector/json_document.h"

#include "inspector/json_reader.h"

#include <algorithm>
#include <utility>

namespace freshet::ui {

namespace {

void appendUtf8(std::string &out, std::uint32_t code)
{
    const auto tail = [&](int shift) {
        out += static_cast<char>(0x80u | ((code >> shift) & 0x3fu));
    };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0u | (code >> 6));
        tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0u | (code >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xf0u | (code >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::uint32_t hexValue(std::string_view digits)
{
    std::uint32_t value = 0;
    for (const char digit : digits) {
        const auto letter = static_cast<std::uint32_t>(digit | 0x20);
        value = value * 16 +
                (digit <= '9' ? static_cast<std::uint32_t>(digit - '0') : letter - 'a' + 10);
    }
    return value;
}

// At `at` stands the `u` of an escape in valid JSON. Moves `at` to its last digit.
std::uint32_t readEscape(std::string_view text, std::size_t &at)
{
    constexpr std::uint32_t kReplacement = 0xfffd;
    const std::uint32_t first = hexValue(text.substr(at + 1, 4));
    at += 4;
    if (first < 0xd800 || first > 0xdfff)
        return first;
    if (first > 0xdbff || text.substr(at + 1, 2) != "\\u")
        return kReplacement;
    const std::uint32_t second = hexValue(text.substr(at + 3, 4));
    if (second < 0xdc00 || second > 0xdfff)
        return kReplacement;
    at += 6;
    return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

bool isIdentifier(std::string_view key)
{
    const auto isLetter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !key.empty() && isLetter(key.front()) &&
           std::all_of(key.begin(), key.end(),
                       [&](char c) { return isLetter(c) || (c >= '0' && c <= '9'); });
}

} // namespace

std::string unescapeJson(std::string_view quoted)
{
    if (quoted.size() < 2)
        return {};
    const std::string_view text = quoted.substr(1, quoted.size() - 2);
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\') {
            plain += text[at];
            continue;
        }
        switch (text[++at]) {
        case 'b':
            plain += '\b';
            break;
        case 'f':
            plain += '\f';
            break;
        case 'n':
            plain += '\n';
            break;
        case 'r':
            plain += '\r';
            break;
        case 't':
            plain += '\t';
            break;
        case 'u':
            appendUtf8(plain, readEscape(text, at));
            break;
        default:
            plain += text[at];
        }
    }
    return plain;
}

Result<JsonDocument> JsonDocument::parse(std::string text)
{
    if (text.size() > kMaxBytes)
        return fail(ErrorCode::LimitReached, "the text is too long to be taken apart");
    JsonDocument document;
    document.m_text = std::move(text);
    JsonReader reader(document);
    FRESHET_TRY(reader.read());
    document.indexChildren();
    return document;
}

// Nodes are in the order of the text, so children of one node are in theirs.
void JsonDocument::indexChildren()
{
    m_firstChild.assign(m_nodes.size() + 1, 0);
    for (const JsonNode &node : m_nodes) {
        if (node.parent >= 0)
            ++m_firstChild[static_cast<std::size_t>(node.parent) + 1];
    }
    for (std::size_t i = 1; i < m_firstChild.size(); ++i)
        m_firstChild[i] += m_firstChild[i - 1];
    m_children.resize(m_nodes.size() - 1);
    for (std::size_t i = 1; i < m_nodes.size(); ++i) {
        const JsonNode &node = m_nodes[i];
        const int first = m_firstChild[static_cast<std::size_t>(node.parent)];
        m_children[static_cast<std::size_t>(first + node.place)] = static_cast<int>(i);
    }
}

int JsonDocument::childCount(int index) const
{
    const auto at = static_cast<std::size_t>(index);
    return m_firstChild[at + 1] - m_firstChild[at];
}

int JsonDocument::child(int index, int place) const
{
    return m_children[static_cast<std::size_t>(m_firstChild[static_cast<std::size_t>(index)] +
                                               place)];
}

std::string_view JsonDocument::rawText(int index) const
{
    const JsonNode &at = node(index);
    return std::string_view(m_text).substr(at.begin, at.end - at.begin);
}

std::string JsonDocument::plainText(int index) const
{
    return node(index).kind == JsonKind::String ? unescapeJson(rawText(index))
                                                : std::string(rawText(index));
}

std::string JsonDocument::key(int index) const
{
    const JsonNode &at = node(index);
    return unescapeJson(std::string_view(m_text).substr(at.keyBegin, at.keyEnd - at.keyBegin));
}

std::string JsonDocument::path(int index) const
{
    std::vector<int> way;
    for (int at = index; node(at).parent >= 0; at = node(at).parent)
        way.push_back(at);
    std::reverse(way.begin(), way.end());
    std::string path = "$";
    for (const int step : way) {
        const JsonNode &at = node(step);
        const std::string name = key(step);
        if (node(at.parent).kind == JsonKind::Array)
            path += '[' + std::to_string(at.place) + ']';
        else if (isIdentifier(name))
            path += '.' + name;
        else
            path.append("[").append(m_text, at.keyBegin, at.keyEnd - at.keyBegin).append("]");
    }
    return path;
}

} // namespace freshet::ui
