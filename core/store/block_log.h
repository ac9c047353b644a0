// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/arrow_file.h"
#include "store/deleted_rows.h"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace freshet::store {

/// A batch that stands in a file: its rows, and where to find them.
struct BlockEntry
{
    RowIndex first;
    std::size_t part = 0; ///< index in the state's list of parts
    ArrowBlock block;
    std::int64_t number = 0; ///< within its part, from 1
    DeletedRowsPtr deleted;  ///< null if none are

    /// Rows as snapshots count them: without the deleted ones.
    [[nodiscard]] RowCount rows() const
    {
        return deleted ? block.rows - deleted->count() : block.rows;
    }
};

/// The batches of a dataset in row order: append-only, and cheap to copy because copies share their
/// memory. Only the newest copy may grow; older ones keep their size and never see what is written
/// behind it.
///
/// Threads: copies may be read on other threads while the newest one grows, once they were handed
/// over under a lock.
class BlockLog
{
public:
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] const BlockEntry &operator[](std::size_t index) const
    {
        return (*m_chunks[index / kChunk])[index % kChunk];
    }
    void append(const BlockEntry &entry)
    {
        if (m_size % kChunk == 0)
            m_chunks.push_back(std::make_shared<Chunk>());
        (*m_chunks.back())[m_size % kChunk] = entry;
        ++m_size;
    }
    /// The batch that holds `row`, which lies before the end.
    [[nodiscard]] std::size_t find(RowIndex row) const;

private:
    static constexpr std::size_t kChunk = 512;
    using Chunk = std::array<BlockEntry, kChunk>;
    std::vector<std::shared_ptr<Chunk>> m_chunks;
    std::size_t m_size = 0;
};

} // namespace freshet::store
