// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Rows, maps and keys. Single values are in binary_row_values.cpp.
#include "decode/binary_row.h"

#include "decode/text_encoding.h"

namespace freshet::decode {

namespace {

constexpr std::uint64_t kDecimalFraction = 4; ///< the tag of an array that is a number

} // namespace

class BinaryRow::Items
{
public:
    Items(BinaryRow &row, const BinaryToken &head)
        : m_row(row), m_left(head.number), m_isIndefinite(head.isIndefinite)
    {}
    /// Whether there is one more; a Break is taken.
    bool hasNext()
    {
        if (m_isIndefinite)
            return !m_row.peekIsBreak();
        return m_left-- > 0;
    }

private:
    BinaryRow &m_row;
    std::uint64_t m_left;
    bool m_isIndefinite;
};

BinaryRow::BinaryRow(const BinaryReader &reader, columnar::BatchBuilder &builder, bool flatten,
                     const Limits &limits)
    : m_reader(reader),
      m_builder(builder),
      m_columns(builder, limits.columns),
      m_root(""),
      m_positional(""),
      m_flatten(flatten)
{}

void BinaryRow::reset()
{
    m_root = JsonMembers("");
    m_positional = JsonMembers("");
    m_columns.reset();
}

bool BinaryRow::read(const char *at, const char *end)
{
    m_at = at;
    m_end = end;
    m_columns.begin();
    if (row())
        return true;
    m_columns.drop();
    return false;
}

std::optional<std::string> BinaryRow::jsonOf(const char *at, const char *end)
{
    m_at = at;
    m_end = end;
    std::string text;
    return json(text) ? std::optional(std::move(text)) : std::nullopt;
}

bool BinaryRow::row()
{
    const char *const first = m_at;
    BinaryToken token;
    bool isNumber = false;
    do {
        if (!next(token))
            return false;
        isNumber = isNumber || (token.kind == Kind::Tag && token.number == kDecimalFraction);
    } while (token.kind == Kind::Tag);
    if (token.kind == Kind::Map)
        return object(m_root, token, 0);
    if (token.kind == Kind::Array && !isNumber)
        return array(token);
    m_at = first; // with its tags
    return value(m_root, indexOf(m_root, "value", 0), 0);
}

bool BinaryRow::object(JsonMembers &members, const BinaryToken &head, int level)
{
    Items pairs(*this, head);
    for (int guess = 0; pairs.hasNext();) {
        std::string_view name;
        if (!key(name))
            return false;
        const int index = indexOf(members, name, guess);
        guess = index + 1;
        if (!value(members, index, level))
            return false;
    }
    return true;
}

bool BinaryRow::array(const BinaryToken &head)
{
    Items elements(*this, head);
    for (std::size_t position = 0; elements.hasNext(); ++position) {
        if (position == m_positional.list.size())
            m_columns.addMember(m_positional, "column" + std::to_string(position));
        if (!value(m_positional, static_cast<int>(position), 0))
            return false;
    }
    return true;
}

bool BinaryRow::key(std::string_view &name)
{
    const char *const first = m_at;
    BinaryToken token;
    if (!next(token))
        return false;
    if (token.kind == Kind::Text) {
        if (!text(token, name))
            return false;
        if (token.isIndefinite) { // the memory is wanted for the value
            m_key = name;
            name = m_key;
        }
        return true;
    }
    m_at = first;
    m_key.clear();
    if (!jsonKey(m_key))
        return false;
    name = m_key;
    if (name.size() >= 2 && name.front() == '"')
        name = name.substr(1, name.size() - 2);
    return true;
}

int BinaryRow::indexOf(JsonMembers &members, std::string_view name, int guess)
{
    // A missing member is the usual reason why the guess is wrong.
    for (int index = guess; index < std::ssize(members.list) && index < guess + 2; ++index) {
        if (members.list[static_cast<std::size_t>(index)].key() == name)
            return index;
    }
    const int index = members.find(name);
    return index >= 0 ? index : m_columns.addMember(members, name);
}

bool BinaryRow::value(JsonMembers &members, int index, int level)
{
    const char *const first = m_at;
    BinaryToken token;
    if (!next(token))
        return false;
    JsonMember &member = members.list[static_cast<std::size_t>(index)];
    const auto isEmpty = [&] { // then what is read here is read again below
        return token.isIndefinite ? peekIsBreak() : token.number == 0;
    };
    if (token.kind == Kind::Map && m_flatten && level < kFlattenDepth && !isEmpty()) {
        if (!member.members)
            member.members = std::make_unique<JsonMembers>(member.columnName + ".");
        return object(*member.members, token, level + 1);
    }
    const int column = m_columns.claim(members, index);
    if (column < 0)
        return fail(ErrorCode::LimitReached, "more columns than allowed", first);
    if (token.kind == Kind::Map || token.kind == Kind::Array) {
        m_at = first;
        m_scratch.clear();
        if (!json(m_scratch))
            return false;
        m_builder.appendJson(column, m_scratch);
        return true;
    }
    return scalar(column, token);
}

bool BinaryRow::next(BinaryToken &token)
{
    const char *const first = m_at;
    if (m_reader.read(m_at, m_end, token).outcome == BinaryReader::Outcome::Whole)
        return true;
    return fail(ErrorCode::SyntaxError, "the item is not whole", first);
}

bool BinaryRow::peekIsBreak()
{
    const char *const first = m_at;
    BinaryToken token;
    if (next(token) && token.kind == Kind::Break)
        return true;
    m_at = first;
    return false;
}

/// The text or bytes of `token`, its chunks put together.
bool BinaryRow::text(const BinaryToken &token, std::string_view &whole)
{
    const char *const first = m_at;
    whole = token.bytes;
    if (token.isIndefinite) {
        m_chunks.clear();
        for (BinaryToken chunk; !peekIsBreak();) {
            const char *const at = m_at;
            if (!next(chunk))
                return false;
            const bool fits = chunk.kind == token.kind && !chunk.isIndefinite &&
                              (chunk.kind != Kind::Text || isUtf8(chunk.bytes));
            if (!fits)
                return fail(ErrorCode::SyntaxError, "no chunk of a string", at);
            m_chunks.append(chunk.bytes);
        }
        whole = m_chunks;
        return true;
    }
    if (token.kind == Kind::Text && !isUtf8(whole))
        return fail(ErrorCode::InvalidUtf8, "text that is not UTF-8", first - whole.size());
    return true;
}

bool BinaryRow::fail(ErrorCode code, const char *reason, const char *at)
{
    m_error = Error{.code = code, .detail = reason};
    m_errorAt = at;
    return false;
}

} // namespace freshet::decode
