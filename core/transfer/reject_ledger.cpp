// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/reject_ledger.h"

#include <functional>

namespace freshet::transfer {

void RejectLedger::holds(std::int64_t held, bool comeAgain)
{
    m_passed = held;
    m_toPassOver = comeAgain ? held : 0;
}

std::uint64_t RejectLedger::hashOf(std::string_view rawText)
{
    return std::hash<std::string_view>()(rawText);
}

bool RejectLedger::take(std::string_view rawText, ByteOffset foundAt, RowIndex row)
{
    if (m_toPassOver > 0) {
        --m_toPassOver;
        return false;
    }
    const std::uint64_t hash = hashOf(rawText);
    if (const auto known = m_repeatable.find(hash); known != m_repeatable.end()) {
        if (--known->second == 0)
            m_repeatable.erase(known);
        return false;
    }
    m_found.push_back({foundAt, row, hash});
    return true;
}

void RejectLedger::pass(ByteOffset border)
{
    for (; m_open < m_found.size() && m_found[m_open].at < border; ++m_open)
        ++m_passed;
}

void RejectLedger::passAll()
{
    m_passed += static_cast<std::int64_t>(m_found.size() - m_open);
    m_open = m_found.size();
}

void RejectLedger::beginLeg(std::optional<RowIndex> repeatedFrom)
{
    m_repeatable.clear();
    if (repeatedFrom) {
        for (const std::uint64_t hash : m_held)
            ++m_repeatable[hash];
    }
    for (std::size_t i = 0; i < m_found.size(); ++i) {
        if (i >= m_open || (repeatedFrom && m_found[i].row >= *repeatedFrom))
            ++m_repeatable[m_found[i].hash];
    }
    // Positions count anew in the next answer: whatever it hands on first lies behind these.
    for (std::size_t i = m_open; i < m_found.size(); ++i)
        m_found[i].at = ByteOffset(-1);
}

} // namespace freshet::transfer
