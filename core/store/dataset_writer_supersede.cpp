// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset_writer_impl.h"

#include <algorithm>

namespace freshet::store {

Status DatasetWriter::Impl::supersede(std::span<const RowIndex> rows)
{
    if (m_isFinished)
        return fail(ErrorCode::Internal, "rows to supersede in a dataset that is finished");
    if (rows.empty())
        return {};
    const bool ascends = std::ranges::adjacent_find(rows, std::greater_equal()) == rows.end();
    if (!ascends || rows.front() < RowIndex() || rows.back() >= RowIndex(m_state.rows.value()))
        return fail(ErrorCode::InvalidArgument, "rows to supersede out of order or out of range");
    // Deletion vectors are for batches in parts; so all rows have to stand in one.
    FRESHET_TRY(flush());

    while (!rows.empty()) {
        const std::size_t index = m_state.blocks.find(rows.front());
        const BlockEntry &entry = m_state.blocks[index];
        const RowIndex end = entry.first + entry.rows();
        const auto inside = rows.first(
            static_cast<std::size_t>(std::ranges::lower_bound(rows, end) - rows.begin()));
        const auto live = entry.deleted ? entry.deleted->liveRows() : std::vector<std::int64_t>();
        std::vector<std::int64_t> stored;
        stored.reserve(inside.size());
        for (const RowIndex row : inside) {
            const std::int64_t place = (row - entry.first).value();
            stored.push_back(live.empty() ? place : live[static_cast<std::size_t>(place)]);
        }
        DeletedRowsPtr &deleted = m_superseded[index];
        deleted = DeletedRows::with(deleted ? deleted : entry.deleted, entry.block.rows, stored);
        rows = rows.subspan(inside.size());
    }
    return {};
}

/// How many rows the next commit takes out.
RowCount DatasetWriter::Impl::supersededRows() const
{
    RowCount count;
    for (const auto &[index, deleted] : m_superseded) {
        const BlockEntry &entry = m_state.blocks[index];
        count += entry.rows() - (entry.block.rows - deleted->count());
    }
    return count;
}

std::vector<SupersededBlock> DatasetWriter::Impl::supersededBlocks() const
{
    std::vector<SupersededBlock> blocks;
    for (const auto &[index, deleted] : m_superseded) {
        const BlockEntry &entry = m_state.blocks[index];
        blocks.push_back({m_state.parts[entry.part].number, entry.number, deleted});
    }
    return blocks;
}

} // namespace freshet::store
