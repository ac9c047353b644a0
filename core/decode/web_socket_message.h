// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/json_lexer.h"
#include "decode/rows_path.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// What an object that came as a message is for.
enum class MessagePurpose {
    Row,      ///< it is a row itself
    Batch,    ///< it has rows in a member
    Complete, ///< the stream is over
    Error,    ///< the server reports a failure
    Progress, ///< it says how far the stream is
    Notice,   ///< it is about the talk: ack, pong, welcome …
};

/// A JSON object taken apart one level deep.
/// Threads: one thread at a time. Lifetime: views into the text it was read from.
class MessageObject
{
public:
    struct Member
    {
        std::string_view key; ///< as written
        const char *at;       ///< of its value
        const char *next;     ///< just after that
    };

    /// Take the object at `at` apart. Output: the place just after it, or nullptr with the lexer's
    /// fault.
    [[nodiscard]] const char *read(JsonLexer &lexer, const char *at);

    /// The text of `type`, else of `event`, where that is a string; as written.
    [[nodiscard]] std::string_view type() const { return m_type; }
    [[nodiscard]] const std::vector<Member> &members() const { return m_members; }
    [[nodiscard]] const Member *find(std::string_view key) const;

    /// The member with the rows of a batch, as servers usually write one: an array of objects (or
    /// with a `type` beside it, any array) under a usual name. An object with an `id` and no `type`
    /// is a row that happens to have such a member.
    [[nodiscard]] const Member *usualRows(const JsonLexer &lexer) const;
    /// What an object without rows is for. `isPrelude`: no row has come yet, so that what is
    /// typed `start`, `metadata` and the like is no row either.
    [[nodiscard]] MessagePurpose purpose(bool isPrelude) const;

private:
    [[nodiscard]] bool isErrorReport() const;

    std::vector<Member> m_members;
    std::string_view m_type;
};

} // namespace freshet::decode
