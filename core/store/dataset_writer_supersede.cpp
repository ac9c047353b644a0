// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset_writer_impl.h"

#include <algorithm>
#include <numeric>
#include <system_error>

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
    for (const auto &[index, deleted] : m_superseded)
        count += m_state.blocks[index].rows() - rowsLeft(index);
    return count;
}

RowCount DatasetWriter::Impl::rowsLeft(std::size_t block) const
{
    const BlockEntry &entry = m_state.blocks[block];
    const auto fresh = m_superseded.find(block);
    return fresh == m_superseded.end() ? entry.rows() : entry.block.rows - fresh->second->count();
}

std::vector<SupersededBlock>
DatasetWriter::Impl::supersededBlocks(const std::set<std::size_t> &dropped) const
{
    std::vector<SupersededBlock> blocks;
    for (const auto &[index, deleted] : m_superseded) {
        const BlockEntry &entry = m_state.blocks[index];
        if (!dropped.contains(entry.part))
            blocks.push_back({m_state.parts[entry.part].number, entry.number, deleted});
    }
    return blocks;
}

Result<RowCount> DatasetWriter::Impl::keepLast(RowCount rows)
{
    if (m_isFinished)
        return fail(ErrorCode::Internal, "a ring for a dataset that is finished");
    m_ring = rows;
    if (m_state.rows <= rows)
        return RowCount();
    FRESHET_TRY(flush());
    const RowCount excess = m_state.rows - rows;
    RowCount left = excess;
    for (std::size_t index = 0; left > RowCount(); ++index) {
        const BlockEntry &entry = m_state.blocks[index];
        auto live = entry.deleted ? entry.deleted->liveRows() : std::vector<std::int64_t>();
        if (!entry.deleted) {
            live.resize(static_cast<std::size_t>(entry.block.rows.value()));
            std::iota(live.begin(), live.end(), 0);
        }
        const auto count = std::min<std::int64_t>(left.value(), std::ssize(live));
        if (count == 0)
            continue;
        live.resize(static_cast<std::size_t>(count));
        m_superseded[index] = DeletedRows::with(entry.deleted, entry.block.rows, live);
        left -= RowCount(count);
    }
    return excess;
}

Status DatasetWriter::Impl::endRingPart()
{
    RowCount rows;
    for (const ArrowBlock &block : m_part->blocks())
        rows += block.rows;
    if (rows.value() < std::max(m_ring->value() / 4, kLeastRingPart))
        return {};
    m_resumable.reset(); // newer rows stand behind it
    return closePart();
}

std::set<std::size_t> DatasetWriter::Impl::partsToDrop() const
{
    std::set<std::size_t> empty;
    if (!m_ring)
        return empty;
    for (std::size_t part = 0; part + 1 < m_state.parts.size(); ++part) {
        // What the catalogue has not heard of goes a commit later.
        const bool isNew = std::ranges::any_of(m_closedParts, [&](const PartWriter &closed) {
            return closed.number() == m_state.parts[part].number;
        });
        if (!isNew)
            empty.insert(part);
    }
    for (std::size_t i = 0; i < m_state.blocks.size(); ++i) {
        if (rowsLeft(i) > RowCount())
            empty.erase(m_state.blocks[i].part);
    }
    return empty;
}

/// A file that cannot be deleted now is an orphan that the next recovery deletes.
void DatasetWriter::Impl::deleteParts(const std::set<std::size_t> &dropped)
{
    if (dropped.empty())
        return;
    for (const std::size_t part : dropped) {
        if (m_resumable && m_resumable->number == m_state.parts[part].number)
            m_resumable.reset();
        // Snapshots that hold rows of it go on reading the open file.
        const auto &path = m_state.parts[part].file->path();
        static_cast<void>(m_state.parts[part].file->open());
        std::error_code ignored;
        const auto size = std::filesystem::file_size(path, ignored);
        if (!ignored)
            m_closedBytes -= ByteCount(static_cast<std::int64_t>(size));
        std::filesystem::remove(path, ignored);
    }
    m_state.dropParts(dropped);
}

} // namespace freshet::store
