// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector/json_reader.h"

#include <algorithm>
#include <string>
#include <utility>

namespace freshet::ui {

namespace {

bool isDigit(char character)
{
    return character >= '0' && character <= '9';
}

bool isHex(char character)
{
    return isDigit(character) || (character >= 'a' && character <= 'f') ||
           (character >= 'A' && character <= 'F');
}

} // namespace

Error JsonReader::syntaxError(std::string_view what) const
{
    Error error{ErrorCode::SyntaxError, std::string(what)};
    error.byteOffset = ByteOffset(static_cast<std::int64_t>(m_at));
    error.excerpt = Error::excerptOf(m_text.substr(std::min(m_at, m_text.size())));
    return error;
}

void JsonReader::skipSpace()
{
    while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n' ||
                                    m_text[m_at] == '\r' || m_text[m_at] == '\t'))
        ++m_at;
}

Status JsonReader::read()
{
    skipSpace();
    while (!m_isDone)
        FRESHET_TRY(readValue());
    skipSpace();
    if (m_at != m_text.size())
        return fail(syntaxError("text after the value"));
    return {};
}

// One value; of an object or array, its beginning. On return the next value is to be read, its key
// taken, or everything is done.
Status JsonReader::readValue()
{
    const char first = peek();
    if (first == '{')
        return open(JsonKind::Object);
    if (first == '[')
        return open(JsonKind::Array);
    if (first == '"') {
        const Result<std::size_t> end = stringEnd();
        if (!end)
            return fail(end.error());
        return addScalar(JsonKind::String, *end);
    }
    if (first == '-' || isDigit(first)) {
        const std::size_t end = numberEnd();
        if (end == m_at)
            return fail(syntaxError("not a number"));
        return addScalar(JsonKind::Number, end);
    }
    using Word = std::pair<std::string_view, JsonKind>;
    for (const auto &[word, kind] :
         {Word{"true", JsonKind::True}, {"false", JsonKind::False}, {"null", JsonKind::Null}}) {
        if (m_text.substr(m_at, word.size()) == word)
            return addScalar(kind, m_at + word.size());
    }
    return fail(syntaxError("a value is expected"));
}

Status JsonReader::addNode(JsonKind kind)
{
    if (m_document.m_nodes.size() == JsonDocument::kMaxNodes)
        return fail(ErrorCode::LimitReached, "too many values to be shown as a tree");
    JsonNode node;
    node.kind = kind;
    node.begin = static_cast<std::uint32_t>(m_at);
    node.keyBegin = std::exchange(m_keyBegin, 0);
    node.keyEnd = std::exchange(m_keyEnd, 0);
    if (!m_levels.empty()) {
        node.parent = m_levels.back().node;
        node.place = m_levels.back().children++;
    }
    m_document.m_nodes.push_back(node);
    return {};
}

Status JsonReader::addScalar(JsonKind kind, std::size_t end)
{
    FRESHET_TRY(addNode(kind));
    m_document.m_nodes.back().end = static_cast<std::uint32_t>(end);
    m_at = end;
    return afterValue();
}

Status JsonReader::open(JsonKind kind)
{
    if (std::ssize(m_levels) == JsonDocument::kMaxDepth)
        return fail(ErrorCode::NestingTooDeep, "nested too deep to be shown as a tree");
    FRESHET_TRY(addNode(kind));
    m_levels.push_back({static_cast<int>(m_document.m_nodes.size()) - 1});
    ++m_at;
    skipSpace();
    if (peek() == (kind == JsonKind::Object ? '}' : ']')) {
        close();
        return afterValue();
    }
    return kind == JsonKind::Object ? readKey() : Status();
}

void JsonReader::close()
{
    ++m_at;
    const auto node = static_cast<std::size_t>(m_levels.back().node);
    m_document.m_nodes[node].end = static_cast<std::uint32_t>(m_at);
    m_levels.pop_back();
}

Status JsonReader::readKey()
{
    if (peek() != '"')
        return fail(syntaxError("a key is expected"));
    const Result<std::size_t> end = stringEnd();
    if (!end)
        return fail(end.error());
    m_keyBegin = static_cast<std::uint32_t>(m_at);
    m_keyEnd = static_cast<std::uint32_t>(*end);
    m_at = *end;
    skipSpace();
    if (peek() != ':')
        return fail(syntaxError("':' is expected"));
    ++m_at;
    skipSpace();
    return {};
}

Status JsonReader::afterValue()
{
    while (!m_levels.empty()) {
        const bool isObject = m_document.node(m_levels.back().node).kind == JsonKind::Object;
        skipSpace();
        if (peek() == ',') {
            ++m_at;
            skipSpace();
            return isObject ? readKey() : Status();
        }
        if (peek() != (isObject ? '}' : ']'))
            return fail(syntaxError("',' or the end is expected"));
        close();
    }
    m_isDone = true;
    return {};
}

Result<std::size_t> JsonReader::stringEnd() const
{
    for (std::size_t at = m_at + 1; at < m_text.size(); ++at) {
        const char character = m_text[at];
        if (character == '"')
            return at + 1;
        if (static_cast<unsigned char>(character) < 0x20)
            break;
        if (character != '\\')
            continue;
        const char escape = ++at < m_text.size() ? m_text[at] : '\0';
        if (escape == 'u') {
            const std::string_view digits = m_text.substr(at + 1, 4);
            if (digits.size() < 4 || !std::all_of(digits.begin(), digits.end(), isHex))
                break;
            at += 4;
        } else if (std::string_view("\"\\/bfnrt").find(escape) == std::string_view::npos) {
            break;
        }
    }
    return fail(syntaxError("a string without a proper end"));
}

// Where the number that begins here ends; here, if it is none.
std::size_t JsonReader::numberEnd() const
{
    std::size_t at = m_at;
    const auto digits = [&] {
        const std::size_t first = at;
        while (at < m_text.size() && isDigit(m_text[at]))
            ++at;
        return at > first;
    };
    const auto take = [&](std::string_view any) {
        const bool found = at < m_text.size() && any.find(m_text[at]) != std::string_view::npos;
        at += found ? 1 : 0;
        return found;
    };
    take("-");
    if (!take("0") && !digits())
        return m_at;
    if (take(".") && !digits())
        return m_at;
    if (take("eE")) {
        take("+-");
        if (!digits())
            return m_at;
    }
    return at;
}

} // namespace freshet::ui
