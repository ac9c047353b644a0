// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/value_boundary.h"

namespace freshet::decode {

void ValueBoundary::start(std::int64_t offset)
{
    m_first = m_offset = offset;
    m_state = State::Open;
    m_open.clear();
    m_active = true;
    m_inString = m_escaped = m_inScalar = false;
}

ValueBoundary::State ValueBoundary::scan(const char *at, const char *end)
{
    for (; at < end && m_state == State::Open; ++at) {
        m_state = step(*at);
        // A number or word is over at the byte behind it, which is not part of the value.
        if (m_state == State::Whole && m_inScalar)
            break;
        ++m_offset;
    }
    return m_state;
}

ValueBoundary::State ValueBoundary::step(char c)
{
    if (m_inString) {
        if (m_escaped) {
            m_escaped = false;
        } else if (c == '\\') {
            m_escaped = true;
        } else if (c == '"') {
            m_inString = false;
            return m_open.empty() ? State::Whole : State::Open;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            return State::Lost;
        }
        return State::Open;
    }
    switch (c) {
    case '"':
        m_inString = true;
        return m_inScalar ? State::Whole : State::Open;
    case '{':
    case '[':
        if (m_inScalar)
            return State::Whole;
        m_open.push_back(c == '{');
        return State::Open;
    case '}':
    case ']':
        if (m_inScalar)
            return State::Whole;
        if (m_open.empty() || m_open.back() != (c == '}'))
            return State::Lost;
        m_open.pop_back();
        return m_open.empty() ? State::Whole : State::Open;
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case ',':
        return m_inScalar ? State::Whole : State::Open;
    default:
        m_inScalar = m_open.empty();
        return State::Open;
    }
}

bool PartialValue::isWorthReading(const InputWindow &window, std::int64_t offset)
{
    if (!m_boundary.isActive())
        return true;
    const auto state = m_boundary.scan(window.at(m_boundary.offset()), window.end());
    return state != ValueBoundary::State::Open || window.endOffset() - offset >= 2 * m_triedSize;
}

void PartialValue::wait(const InputWindow &window, std::int64_t offset)
{
    const std::int64_t size = window.endOffset() - offset;
    if (!m_boundary.isActive()) {
        m_boundary.start(offset);
        (void)m_boundary.scan(window.at(offset), window.end());
        m_triedSize = size;
    } else if (size >= 2 * m_triedSize) {
        m_triedSize = size;
    }
}

} // namespace freshet::decode
