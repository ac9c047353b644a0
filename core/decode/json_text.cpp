// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/json_text.h"

#include "base/limits.h"
#include "columnar/value_text.h"
#include "decode/input_window.h"
#include "decode/json_lexer.h"

#include <algorithm>

namespace freshet::decode {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view withoutBlanks(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view valueOf(std::string_view json, const TextMember &member)
{
    return json.substr(member.offset, member.size);
}

const TextMember *findMember(const std::vector<TextMember> &members, std::string_view name)
{
    const auto found = std::ranges::find(members, name, &TextMember::key);
    return found == members.end() ? nullptr : &*found;
}

/// A value with `names` leading down to `value`: `{"a":{"b":value}}`.
std::string nested(std::span<const std::string> names, std::string_view value)
{
    if (names.empty())
        return std::string(value);
    return '{' + quotedJson(names.front()) + ':' + nested(names.subspan(1), value) + '}';
}

} // namespace

std::optional<std::vector<TextMember>> membersOf(std::string_view json)
{
    std::string text(json);
    text.append(InputWindow::kPadding, '\0');
    const char *const end = text.data() + json.size();
    JsonLexer lexer(Limits().nestingDepth);
    lexer.start(end, false);
    const char *at = lexer.skipBlanks(text.data());
    const char *const after = *at == '{' ? lexer.value(at, 0) : nullptr;
    if (after == nullptr || after > end || lexer.skipBlanks(after) != end)
        return std::nullopt;

    // The text is valid from here on.
    std::vector<TextMember> members;
    at = lexer.skipBlanks(at + 1);
    while (*at != '}') {
        bool escaped = false;
        TextMember &member = members.emplace_back();
        const char *const close = lexer.string(at + 1, escaped);
        unescapeJson(between(at + 1, close), member.key);
        const char *const value = lexer.key(at);
        const char *const behind = lexer.value(value, 1);
        member.offset = static_cast<std::size_t>(value - text.data());
        member.size = static_cast<std::size_t>(behind - value);
        at = lexer.skipBlanks(behind);
        if (*at == ',')
            at = lexer.skipBlanks(at + 1);
    }
    return members;
}

std::optional<std::string> jsonAt(std::string_view json, std::span<const std::string> names)
{
    for (const auto &name : names) {
        const auto members = membersOf(json);
        const TextMember *const member = members ? findMember(*members, name) : nullptr;
        if (member == nullptr)
            return std::nullopt;
        json = valueOf(json, *member);
    }
    return std::string(withoutBlanks(json));
}

Result<std::string> withJsonAt(std::string_view json, std::span<const std::string> names,
                               std::string_view value)
{
    if (names.empty() || withoutBlanks(json).empty() || withoutBlanks(json) == "null")
        return nested(names, value);
    const auto members = membersOf(json);
    if (!members)
        return fail(ErrorCode::InvalidArgument,
                    "the place of \"" + names.front() + "\" is no JSON object");
    std::string result(json);
    if (const TextMember *const member = findMember(*members, names.front())) {
        const auto inner = withJsonAt(valueOf(json, *member), names.subspan(1), value);
        if (!inner)
            return fail(inner.error());
        return result.replace(member->offset, member->size, *inner);
    }
    const std::string entry = quotedJson(names.front()) + ':' + nested(names.subspan(1), value);
    return result.insert(result.rfind('}'), (members->empty() ? "" : ",") + entry);
}

std::optional<std::string> scalarOf(std::string_view json)
{
    json = withoutBlanks(json);
    if (json.empty() || json == "null" || json.front() == '{' || json.front() == '[')
        return std::nullopt;
    if (json.front() != '"')
        return std::string(json);
    if (json.size() < 2 || json.back() != '"')
        return std::nullopt; // cut off
    std::string text;
    unescapeJson(json.substr(1, json.size() - 2), text);
    return text;
}

std::string quotedJson(std::string_view text)
{
    std::string quoted;
    columnar::appendJsonString(quoted, text);
    return quoted;
}

} // namespace freshet::decode
