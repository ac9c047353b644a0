// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/stream_ledger.h"

#include <utility>

namespace freshet::transfer {

void StreamLedger::startAt(ByteOffset border, const transport::PrefixDigest &digest,
                           Preamble preamble)
{
    m_isDigesting = digest.length.value() == border.value();
    m_atBlock = digest;
    m_atBorder = digest;
    m_open.clear();
    m_knowsOpen = true;
    m_preamble = std::move(preamble);
    m_isCollecting = false;
}

void StreamLedger::enter(std::string_view block)
{
    m_block = block;
    if (!m_isCollecting)
        return;
    m_start.append(block);
    if (m_start.size() > kMaxPreamble) {
        m_isCollecting = false;
        m_start = {};
    }
}

bool StreamLedger::isInBlock(ByteOffset border) const
{
    if (!m_isDigesting)
        return false;
    const std::int64_t into = border.value() - m_atBlock.length.value();
    return into > 0 && into <= static_cast<std::int64_t>(m_block.size());
}

bool StreamLedger::isInOpen(ByteOffset border) const
{
    const std::int64_t into = border.value() - m_atBorder.length.value();
    return m_isDigesting && into > 0 && into <= std::ssize(m_open);
}

void StreamLedger::keepOpen(std::string_view bytes)
{
    m_knowsOpen = m_knowsOpen && m_open.size() + bytes.size() <= kMaxOpen;
    if (m_knowsOpen)
        m_open.append(bytes);
    else
        m_open = {};
}

void StreamLedger::leave(ByteOffset border)
{
    if (!m_isDigesting)
        return;
    std::size_t done = 0;
    if (isInBlock(border)) {
        done = static_cast<std::size_t>(border.value() - m_atBlock.length.value());
        m_atBlock.append(m_block.substr(0, done));
        m_atBorder = m_atBlock;
        m_open.clear();
        m_knowsOpen = true;
    } else if (isInOpen(border)) {
        const auto size =
            static_cast<std::size_t>((border - ByteOffset() - m_atBorder.length).value());
        m_atBorder.append(std::string_view(m_open).substr(0, size));
        m_open.erase(0, size);
    }
    const std::string_view rest = m_block.substr(done);
    m_atBlock.append(rest);
    keepOpen(rest);
    m_block = {};
}

transport::PrefixDigest StreamLedger::digestAt(ByteOffset border) const
{
    const bool isInBlock = this->isInBlock(border);
    if (!isInBlock && !isInOpen(border))
        return m_atBorder;
    transport::PrefixDigest digest = isInBlock ? m_atBlock : m_atBorder;
    const std::string_view behind = isInBlock ? m_block : std::string_view(m_open);
    digest.append(
        behind.substr(0, static_cast<std::size_t>(border.value() - digest.length.value())));
    return digest;
}

void StreamLedger::setPreamble(ByteOffset border, RowCount rows)
{
    m_preamble = {std::exchange(m_start, {}), rows};
    m_preamble.bytes.resize(border.asSize());
    m_isCollecting = false;
}

} // namespace freshet::transfer
