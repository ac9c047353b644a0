// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/web_socket_message.h"

#include "decode/rows_rules.h"

#include <algorithm>
#include <array>

namespace freshet::decode {

namespace {

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> names)
{
    return std::ranges::any_of(names, [text](std::string_view name) {
        return std::ranges::equal(name, text, [](char a, char b) {
            return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
        });
    });
}

} // namespace

const char *MessageObject::read(JsonLexer &lexer, const char *at)
{
    m_members.clear();
    m_type = {};
    at = lexer.skipBlanks(at + 1);
    if (*at == '}')
        return at + 1;
    for (;;) {
        const char *const name = at;
        at = lexer.key(at);
        if (at == nullptr)
            return nullptr;
        bool escaped = false;
        const char *const close = lexer.string(name + 1, escaped);
        const char *const value = at;
        at = lexer.value(value, 1);
        if (at == nullptr)
            return nullptr;
        m_members.push_back({between(name + 1, close), value, at});
        at = lexer.skipBlanks(at);
        if (*at == '}')
            break;
        if (*at != ',')
            return lexer.unexpected(at, "',' or '}' is missing");
        at = lexer.skipBlanks(at + 1);
    }
    for (const char *name : {"type", "event"}) {
        const Member *const found = find(name);
        if (found == nullptr || *found->at != '"')
            continue;
        m_type = between(found->at + 1, found->next - 1);
        break;
    }
    return at + 1;
}

const MessageObject::Member *MessageObject::find(std::string_view key) const
{
    const auto found = std::ranges::find(m_members, key, &Member::key);
    return found == m_members.end() ? nullptr : &*found;
}

const MessageObject::Member *MessageObject::usualRows(const JsonLexer &lexer) const
{
    if (m_type.empty() && find("id") != nullptr)
        return nullptr;
    for (const Member &member : m_members) {
        if (*member.at != '[' || !isRowsName(member.key))
            continue;
        const char first = *lexer.skipBlanks(member.at + 1);
        if (first == '{' || !m_type.empty())
            return &member;
    }
    return nullptr;
}

MessagePurpose MessageObject::purpose(bool isPrelude) const
{
    if (isOneOf(m_type, {"complete", "completed", "done", "end", "eof", "finished"}))
        return MessagePurpose::Complete;
    if (m_type == "error" || isErrorReport())
        return MessagePurpose::Error;
    if (m_type == "progress")
        return MessagePurpose::Progress;
    if (isOneOf(m_type, {"ack", "connection_ack", "pong", "ping", "welcome", "hello", "heartbeat",
                         "keepalive", "keep-alive", "ka", "subscribed", "connected", "ready"}))
        return MessagePurpose::Notice;
    if (isPrelude && isOneOf(m_type, {"start", "started", "begin", "open", "opened", "info",
                                      "status", "meta", "metadata", "schema", "header"}))
        return MessagePurpose::Notice;
    return MessagePurpose::Row;
}

/// `{"error":…}` with nothing beside it but what goes with an error.
bool MessageObject::isErrorReport() const
{
    const Member *error = find("error");
    if (error == nullptr)
        error = find("errors");
    return error != nullptr && *error->at != 'n' &&
           std::ranges::all_of(m_members, [](const Member &member) {
               return isErrorName(member.key) ||
                      isOneOf(member.key, {"errors", "detail", "details", "reason", "success"});
           });
}

} // namespace freshet::decode
