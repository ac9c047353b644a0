// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/input_window.h"

#include <algorithm>
#include <cstring>

namespace freshet::decode {

void InputWindow::append(std::string_view bytes)
{
    const auto dead = static_cast<std::size_t>(m_released - m_base);
    const std::size_t kept = m_size - dead;
    const std::size_t needed = kept + bytes.size() + kPadding;
    if (needed > m_capacity) {
        m_capacity = std::max(needed, m_capacity + m_capacity / 2);
        auto larger = std::make_unique_for_overwrite<char[]>(m_capacity);
        if (kept != 0)
            std::memcpy(larger.get(), m_bytes.get() + dead, kept);
        m_bytes = std::move(larger);
    } else if (dead != 0) {
        std::memmove(m_bytes.get(), m_bytes.get() + dead, kept);
    }
    if (!bytes.empty())
        std::memcpy(m_bytes.get() + kept, bytes.data(), bytes.size());
    m_size = kept + bytes.size();
    m_base = m_released;
    std::memset(m_bytes.get() + m_size, 0, kPadding);
}

void InputWindow::release(std::int64_t offset)
{
    m_released = std::max(m_released, offset);
}

void InputWindow::skip(std::int64_t bytes)
{
    if (bytes == 0)
        return;
    m_base = m_released = endOffset() + bytes;
    m_size = 0;
}

void InputWindow::clear()
{
    m_bytes.reset();
    m_size = m_capacity = 0;
    m_base = m_released = 0;
}

} // namespace freshet::decode
