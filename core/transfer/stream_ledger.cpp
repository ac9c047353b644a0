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

void StreamLedger::leave(ByteOffset border)
{
    if (!m_isDigesting)
        return;
    std::size_t done = 0;
    if (isInBlock(border)) {
        done = static_cast<std::size_t>(border.value() - m_atBlock.length.value());
        m_atBlock.append(m_block.substr(0, done));
        m_atBorder = m_atBlock;
    }
    m_atBlock.append(m_block.substr(done));
    m_block = {};
}

transport::PrefixDigest StreamLedger::digestAt(ByteOffset border) const
{
    if (!isInBlock(border))
        return m_atBorder;
    transport::PrefixDigest digest = m_atBlock;
    digest.append(
        m_block.substr(0, static_cast<std::size_t>(border.value() - m_atBlock.length.value())));
    return digest;
}

void StreamLedger::setPreamble(ByteOffset border, RowCount rows)
{
    m_preamble = {std::exchange(m_start, {}), rows};
    m_preamble.bytes.resize(border.asSize());
    m_isCollecting = false;
}

} // namespace freshet::transfer
