// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/binary_boundary.h"

namespace freshet::decode {

using Kind = BinaryToken::Kind;

void BinaryBoundary::start(std::int64_t offset, int depth)
{
    m_first = m_offset = offset;
    m_depth = depth;
    m_isActive = true;
    m_isWhole = false;
    m_tags = 0;
    m_awaited.clear();
}

BinaryBoundary::State BinaryBoundary::scan(const char *at, const char *end)
{
    const std::int64_t most = m_limits.rowBytes.value();
    for (;;) {
        const char *const before = at;
        BinaryToken token;
        const BinaryReader::Answer answer = m_reader.read(at, end, token);
        const std::int64_t used = m_offset - m_first;
        if (answer.outcome == BinaryReader::Outcome::Broken) // whatever stood there
            return used >= most ? State::TooLarge : State::Broken;
        if (answer.outcome == BinaryReader::Outcome::NeedsMore)
            return answer.needed > static_cast<std::uint64_t>(most - used) ? State::TooLarge
                                                                           : State::Open;
        if (used + (at - before) > most)
            return State::TooLarge;
        const State state = open(token);
        if (state != State::Open && state != State::Whole)
            return state;
        m_offset += at - before;
        if (state == State::Whole) {
            m_isWhole = true;
            return state;
        }
    }
}

/// Take a token into account. Output: Whole if it ends the item.
BinaryBoundary::State BinaryBoundary::open(const BinaryToken &token)
{
    if (token.kind == Kind::Break) {
        if (m_tags > 0 || m_awaited.empty() || m_awaited.back() != kUntilBreak)
            return State::Broken;
        m_awaited.pop_back();
        return closeOne();
    }
    if (token.kind == Kind::Tag)
        return ++m_tags > m_limits.nestingDepth ? State::TooDeep : State::Open;
    m_tags = 0;
    const bool isContainer = token.kind == Kind::Array || token.kind == Kind::Map;
    if (!token.isIndefinite && (!isContainer || token.number == 0))
        return closeOne();
    if (m_depth + static_cast<int>(m_awaited.size()) >= m_limits.nestingDepth)
        return State::TooDeep;
    if (token.isIndefinite) {
        m_awaited.push_back(kUntilBreak);
        return State::Open;
    }
    constexpr std::uint64_t kMostItems = std::uint64_t{1} << 60; // far more than a row can hold
    if (token.number > kMostItems)
        return State::TooLarge;
    const auto count = static_cast<std::int64_t>(token.number);
    m_awaited.push_back(token.kind == Kind::Map ? 2 * count : count);
    return State::Open;
}

BinaryBoundary::State BinaryBoundary::closeOne()
{
    while (!m_awaited.empty()) {
        if (m_awaited.back() == kUntilBreak || --m_awaited.back() > 0)
            return State::Open;
        m_awaited.pop_back();
    }
    return State::Whole;
}

} // namespace freshet::decode
