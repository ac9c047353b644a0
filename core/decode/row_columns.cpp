// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/row_columns.h"

#include <algorithm>

namespace freshet::decode {

namespace {

constexpr std::size_t kMaxNotes = 100;

} // namespace

void RowColumns::begin()
{
    m_changes.clear();
    if (!m_repeats.empty())
        m_repeats.clear();
    m_notesBefore = m_notes.size();
    if (++m_serial == 0) {
        std::fill(m_claimedIn.begin(), m_claimedIn.end(), 0u);
        m_serial = 1;
    }
    m_builder.beginRow();
}

void RowColumns::drop()
{
    m_builder.abandonRow();
    for (auto change = m_changes.rbegin(); change != m_changes.rend(); ++change) {
        if (change->isNew)
            change->members->removeLast();
        else
            change->members->list[static_cast<std::size_t>(change->index)].column = kNoColumn;
    }
    m_changes.clear();
    m_notes.resize(m_notesBefore);
}

void RowColumns::reset()
{
    m_claimedIn.clear();
    m_changes.clear();
    m_notes.clear();
    m_notesBefore = 0;
    m_serial = 0;
}

int RowColumns::addMember(JsonMembers &members, std::string_view key)
{
    const int index = members.add(key);
    m_changes.push_back({&members, index, true});
    return index;
}

int RowColumns::claimNewColumn(JsonMembers &members, int index)
{
    JsonMember &member = members.list[static_cast<std::size_t>(index)];
    int column = kNoColumn;
    if (!resolve(member.columnName, column))
        return kNoColumn;
    member.column = column;
    m_changes.push_back({&members, index, false});
    return claim(members, index);
}

int RowColumns::claimDuplicate(const std::string &name)
{
    int &count = m_repeats.try_emplace(name, 1).first->second;
    for (;;) {
        const std::string other = name + "#" + std::to_string(++count);
        int column = kNoColumn;
        if (!resolve(other, column))
            return kNoColumn;
        auto &claimedIn = m_claimedIn[static_cast<std::size_t>(column)];
        if (claimedIn == m_serial)
            continue;
        claimedIn = m_serial;
        note("duplicate key \"" + name + "\" kept as \"" + other + "\"");
        return column;
    }
}

bool RowColumns::resolve(std::string_view name, int &column)
{
    column = m_builder.column(name);
    if (column < 0 || column >= m_mostColumns)
        return false;
    if (m_claimedIn.size() <= static_cast<std::size_t>(column))
        m_claimedIn.resize(static_cast<std::size_t>(column) + 1, 0u);
    return true;
}

void RowColumns::note(std::string text)
{
    if (m_notes.size() < kMaxNotes && std::ranges::find(m_notes, text) == m_notes.end())
        m_notes.push_back(std::move(text));
}

} // namespace freshet::decode
