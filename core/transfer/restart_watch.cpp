// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/restart_watch.h"

#include "transfer/row_history.h"

#include <algorithm>
#include <utility>

namespace freshet::transfer {

std::optional<RestartWatch::Decision> RestartWatch::add(columnar::RecordBatch batch)
{
    const auto wanted = static_cast<std::int64_t>(m_first.size() - m_matched);
    const auto hashes = rowHashes(columnar::sliceBatch(batch, 0, std::min(wanted, batch.rowCount)));
    m_heldBack.push_back(std::move(batch));
    for (const std::uint64_t hash : hashes) {
        if (hash != m_first[m_matched])
            return decide(false);
        m_distinct.insert(hash);
        ++m_matched;
    }
    return isActive() ? std::nullopt : std::optional(decide(true));
}

std::optional<RestartWatch::Decision> RestartWatch::end()
{
    if (m_heldBack.empty())
        return std::nullopt;
    return decide(true);
}

RestartWatch::Decision RestartWatch::decide(bool matches)
{
    const bool isClear = m_distinct.size() >= kDistinct;
    m_first.clear();
    m_matched = 0;
    return {matches && isClear, std::exchange(m_heldBack, {})};
}

} // namespace freshet::transfer
