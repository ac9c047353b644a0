// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/json_members.h"

#include <algorithm>

namespace freshet::decode {

JsonMember::JsonMember(std::string_view key, std::string name)
    : m_quotedSize(key.size() + 2), columnName(std::move(name))
{
    m_quoted.reserve(m_quotedSize);
    m_quoted += '"';
    m_quoted += key;
    m_quoted += '"';
    const std::size_t head = std::min(m_quotedSize, m_head.size());
    std::copy_n(m_quoted.begin(), head, m_head.begin());
    m_headMask = (1u << head) - 1;
}

int JsonMembers::find(std::string_view key) const
{
    const auto found = m_index.find(key);
    return found == m_index.end() ? -1 : found->second;
}

int JsonMembers::add(std::string_view key)
{
    return add(key, prefix + std::string(key));
}

int JsonMembers::add(std::string_view key, std::string columnName)
{
    const int index = static_cast<int>(list.size());
    list.emplace_back(key, std::move(columnName));
    m_index.emplace(key, index);
    return index;
}

void JsonMembers::removeLast()
{
    m_index.erase(std::string(list.back().key()));
    list.pop_back();
}

} // namespace freshet::decode
