// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/json_row.h"

namespace freshet::decode {

namespace {

bool isBlankOrEnd(char c)
{
    return static_cast<unsigned char>(c) <= ' ';
}

} // namespace

JsonRow::JsonRow(columnar::BatchBuilder &builder, bool flatten, const Limits &limits)
    : m_builder(builder),
      m_columns(builder, limits.columns),
      m_lexer(limits.nestingDepth),
      m_root(""),
      m_positional(""),
      m_leading(""),
      m_flatten(flatten)
{}

void JsonRow::setColumnNames(std::vector<std::string> names)
{
    m_columnNames = std::move(names);
    m_positional = JsonMembers("");
}

void JsonRow::spread(std::span<const std::string> keys)
{
    JsonMembers *members = &m_root;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto index = static_cast<std::size_t>(members->add(keys[i]));
        JsonMember &member = members->list[index];
        const bool last = i + 1 == keys.size();
        member.isSpread = true;
        member.members = std::make_unique<JsonMembers>(last ? "" : member.columnName + ".");
        members = member.members.get();
    }
}

void JsonRow::rename(std::string_view key, std::string columnName)
{
    m_root.add(key, std::move(columnName));
}

void JsonRow::setLeadColumns(const std::vector<std::string> &names)
{
    m_leading = JsonMembers("");
    for (const std::string &name : names)
        m_leading.add(name);
}

void JsonRow::reset()
{
    m_root = JsonMembers("");
    m_positional = JsonMembers("");
    m_leading = JsonMembers("");
    m_lead = {};
    m_columnNames.clear();
    m_columns.reset();
    m_kind = Kind::Plain;
}

const char *JsonRow::read(const char *at, const char *end, int depth, bool oneLine)
{
    begin(end, oneLine);
    if (!m_lead.empty() && !appendLead(at))
        return finished(nullptr);
    return finished(row(at, depth));
}

bool JsonRow::readLead()
{
    begin(nullptr, false);
    return finished(appendLead("") ? "" : nullptr) != nullptr;
}

bool JsonRow::appendLead(const char *at)
{
    for (const Lead &text : m_lead) {
        const int column = claim(m_leading, text.column, at);
        if (column < 0)
            return false;
        m_builder.appendText(column, text.text, text.inference);
    }
    return true;
}

const char *JsonRow::readInside(const char *inner, const char *end, bool oneLine)
{
    begin(end, oneLine);
    const char *at = row(inner, 1);
    if (at != nullptr)
        at = m_lexer.literal(m_lexer.skipBlanks(at), "}", "the object has more than one member");
    return finished(at);
}

bool JsonRow::readColumns(std::span<const std::string> names,
                          std::span<const std::string_view> values, const char *end)
{
    begin(end, false);
    for (std::size_t i = 0; i < names.size(); ++i) {
        int index = m_root.find(names[i]);
        if (index < 0)
            index = m_columns.addMember(m_root, names[i]);
        if (finished(value(m_root, index, values[i].data(), 2, 1)) == nullptr)
            return false;
    }
    return true;
}

const char *JsonRow::readKeyed(std::string_view keyColumn, std::string_view key, const char *at,
                               const char *end, int depth)
{
    begin(end, false);
    int index = m_root.find(keyColumn);
    if (index < 0)
        index = m_columns.addMember(m_root, keyColumn);
    const int column = claim(m_root, index, at);
    if (column < 0)
        return finished(nullptr);
    m_builder.appendText(column, key);
    return finished(row(at, depth));
}

void JsonRow::begin(const char *end, bool oneLine)
{
    m_lexer.start(end, oneLine);
    m_columns.begin();
}

const char *JsonRow::finished(const char *at)
{
    if (at == nullptr)
        drop();
    return at;
}

void JsonRow::drop()
{
    m_columns.drop();
}

const char *JsonRow::row(const char *at, int depth)
{
    const bool nestedTooDeep = depth >= m_lexer.nestingLimit();
    if (*at == '{') {
        if (nestedTooDeep)
            return m_lexer.fail(at, "nested too deep", ErrorCode::NestingTooDeep);
        return m_kind == Kind::Cells ? cells(at, depth + 1) : object(m_root, at, depth + 1, 0);
    }
    if (*at == '[') {
        if (nestedTooDeep)
            return m_lexer.fail(at, "nested too deep", ErrorCode::NestingTooDeep);
        return array(at, depth + 1);
    }
    static constexpr std::string_view kScalarColumn = "value";
    int index = m_root.find(kScalarColumn);
    if (index < 0)
        index = m_columns.addMember(m_root, kScalarColumn);
    return value(m_root, index, at, depth, 0);
}

const char *JsonRow::object(JsonMembers &members, const char *at, int depth, int level)
{
    at = m_lexer.skipBlanks(at + 1);
    if (*at == '}')
        return at + 1;
    std::size_t guess = 0;
    for (;;) {
        int index = static_cast<int>(guess);
        if (guess < members.list.size() && members.list[guess].isAt(at))
            at += members.list[guess].quotedSize();
        else if ((at = key(members, at, index)) == nullptr)
            return nullptr;
        guess = static_cast<std::size_t>(index) + 1;
        if (*at == ':' && !isBlankOrEnd(at[1]))
            ++at;
        else if ((at = m_lexer.colon(at)) == nullptr)
            return nullptr;
        if ((at = value(members, index, at, depth, level)) == nullptr)
            return nullptr;
        if (*at != ',') {
            at = m_lexer.skipBlanks(at);
            if (*at == '}')
                return at + 1;
            if (*at != ',')
                return m_lexer.unexpected(at, "',' or '}' is missing");
        }
        if (isBlankOrEnd(*++at))
            at = m_lexer.skipBlanks(at);
    }
}

const char *JsonRow::key(JsonMembers &members, const char *at, int &index)
{
    // A missing member is the usual reason why the guess was wrong.
    const auto next = static_cast<std::size_t>(index) + 1;
    if (next < members.list.size() && members.list[next].isAt(at)) {
        index = static_cast<int>(next);
        return at + members.list[next].quotedSize();
    }
    if (*at != '"')
        return m_lexer.unexpected(at, "a key is missing");
    bool escaped = false;
    const char *const close = m_lexer.string(at + 1, escaped);
    if (close == nullptr)
        return nullptr;
    std::string_view name = between(at + 1, close);
    std::string resolved;
    if (escaped) {
        if (unescapeJson(name, resolved))
            m_columns.note("a lone surrogate in a key is kept as its escape");
        name = resolved;
    }
    index = members.find(name);
    if (index < 0)
        index = m_columns.addMember(members, name);
    return close + 1;
}

const char *JsonRow::array(const char *at, int depth)
{
    at = m_lexer.skipBlanks(at + 1);
    if (*at == ']')
        return at + 1;
    for (std::size_t position = 0;; ++position) {
        if ((at = value(m_positional, positional(position), at, depth, 0)) == nullptr)
            return nullptr;
        at = m_lexer.skipBlanks(at);
        if (*at == ']')
            return at + 1;
        if (*at != ',')
            return m_lexer.unexpected(at, "',' or ']' is missing");
        at = m_lexer.skipBlanks(at + 1);
    }
}

const char *JsonRow::cells(const char *at, int depth)
{
    static constexpr const char *kRow = "a row of cells has the one member \"f\", an array";
    const auto expect = [this](const char *place, std::string_view word, const char *reason) {
        return place == nullptr ? nullptr
                                : m_lexer.literal(m_lexer.skipBlanks(place), word, reason);
    };
    at = expect(expect(expect(at + 1, "\"f\"", kRow), ":", kRow), "[", kRow);
    if (at == nullptr)
        return nullptr;
    at = m_lexer.skipBlanks(at);
    for (std::size_t position = 0; *at != ']' || position != 0; ++position) {
        if ((at = cell(position, at, depth + 1)) == nullptr)
            return nullptr;
        at = m_lexer.skipBlanks(at);
        if (*at == ']')
            break;
        if (*at != ',')
            return m_lexer.unexpected(at, "',' or ']' is missing");
        at = m_lexer.skipBlanks(at + 1);
    }
    return expect(at + 1, "}", kRow);
}

const char *JsonRow::cell(std::size_t position, const char *at, int depth)
{
    static constexpr const char *kCell = "a cell has the one member \"v\"";
    const auto expect = [this](const char *place, std::string_view word) {
        return place == nullptr ? nullptr : m_lexer.literal(m_lexer.skipBlanks(place), word, kCell);
    };
    at = expect(expect(expect(at, "{"), "\"v\""), ":");
    if (at == nullptr)
        return nullptr;
    at = m_lexer.skipBlanks(at);
    return expect(value(m_positional, positional(position), at, depth + 1, kFlattenDepth), "}");
}

int JsonRow::positional(std::size_t position)
{
    if (position == m_positional.list.size())
        m_columns.addMember(m_positional, position < m_columnNames.size()
                                              ? m_columnNames[position]
                                              : "column" + std::to_string(position));
    return static_cast<int>(position);
}

const char *JsonRow::value(JsonMembers &members, int index, const char *at, int depth, int level)
{
    JsonMember &member = members.list[static_cast<std::size_t>(index)];
    const char first = *at;
    if (first == '{' && (member.isSpread || (m_flatten && level < kFlattenDepth))) {
        if (depth >= m_lexer.nestingLimit())
            return m_lexer.fail(at, "nested too deep", ErrorCode::NestingTooDeep);
        if (*m_lexer.skipBlanks(at + 1) != '}') {
            if (!member.members)
                member.members = std::make_unique<JsonMembers>(member.columnName + ".");
            return object(*member.members, at, depth + 1, level + 1);
        }
    }
    const int column = claim(members, index, at);
    if (column < 0)
        return nullptr;
    switch (first) {
    case '"':
        return text(column, at);
    case '{':
    case '[':
        return nested(column, at, depth);
    case 't':
    case 'f':
        at = m_lexer.literal(at, first == 't' ? "true" : "false");
        if (at != nullptr)
            m_builder.appendBool(column, first == 't');
        return at;
    case 'n':
        at = m_lexer.literal(at, "null");
        if (at != nullptr)
            m_builder.appendNull(column);
        return at;
    default:
        return number(column, at);
    }
}

const char *JsonRow::text(int column, const char *at)
{
    // Most texts are short, plain, and in a column of plain texts.
    static constexpr std::size_t kShort = 160;
    const bool goesAsItIs = m_builder.isPlainText(column);
    if (goesAsItIs) {
        char *const to = m_builder.reserveText(column, kShort);
        if (const char *const close = m_lexer.copyPlainString(at + 1, to, kShort)) {
            m_builder.commitText(column, static_cast<std::size_t>(close - at - 1));
            return close + 1;
        }
    }
    bool escaped = false;
    const char *const close = m_lexer.string(at + 1, escaped);
    if (close == nullptr)
        return nullptr;
    const std::string_view raw = between(at + 1, close);
    if (!escaped) {
        m_builder.appendText(column, raw);
        return close + 1;
    }
    m_scratch.clear();
    if (unescapeJson(raw, m_scratch))
        m_columns.note("a lone surrogate in column \"" + m_builder.columnName(column) +
                       "\" is kept as its escape");
    m_builder.appendText(column, m_scratch);
    return close + 1;
}

const char *JsonRow::number(int column, const char *at)
{
    // Up to 18 digits without sign trouble or fraction: the usual case, and no overflow possible.
    const char *digit = at;
    const bool negative = *digit == '-';
    digit += negative ? 1 : 0;
    const char *const first = digit;
    std::uint64_t magnitude = 0;
    for (unsigned d; (d = static_cast<unsigned char>(*digit) - unsigned{'0'}) < 10; ++digit)
        magnitude = magnitude * 10 + d;
    const auto digits = digit - first;
    const bool isPlain = digits != 0 && digits <= 18 &&
                         (*first != '0' || (digits == 1 && !negative)) && *digit != '.' &&
                         (*digit | 0x20) != 'e';
    if (isPlain) {
        const auto signedValue = static_cast<std::int64_t>(magnitude);
        m_builder.appendInt64(column, negative ? -signedValue : signedValue);
        return digit;
    }
    if (digits == 0 && !negative)
        return m_lexer.unexpected(at, "a value is missing");
    const char *const end = m_lexer.number(at);
    if (end != nullptr)
        m_builder.appendNumber(column, between(at, end));
    return end;
}

const char *JsonRow::nested(int column, const char *at, int depth)
{
    const char *const end = m_lexer.value(at, depth);
    if (end != nullptr)
        m_builder.appendJson(column, between(at, end));
    return end;
}

int JsonRow::claim(JsonMembers &members, int index, const char *at)
{
    const int column = m_columns.claim(members, index);
    if (column < 0)
        m_lexer.fail(at, "more columns than allowed", ErrorCode::LimitReached);
    return column;
}

} // namespace freshet::decode
