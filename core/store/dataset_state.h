// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/block_log.h"
#include "store/column_cache.h"
#include "store/dataset.h"
#include "store/dataset_part.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace freshet::store {

/// For each column of a snapshot, its number in a part or tail batch, or -1 if that lacks it.
using ColumnMap = std::vector<int>;
using ColumnMapPtr = std::shared_ptr<const ColumnMap>;

struct StatePart
{
    int number = 0;
    std::shared_ptr<const DatasetPart> file;
    ColumnMapPtr columns;
};

/// A batch in memory that no part holds yet.
struct TailBatch
{
    RowIndex first;
    std::shared_ptr<const columnar::RecordBatch> batch;
    ColumnMapPtr columns;
};

/// What a DatasetSnapshot shares: the parts' batches in row order, then the tail.
///
/// The writer (or the loader) changes a copy of its own and publishes copies of that; a published
/// one never changes. Copying costs a few pointers for each part, tail batch and 512 blocks.
struct DatasetState
{
    columnar::SchemaPtr schema = std::make_shared<columnar::Schema>();
    std::vector<StatePart> parts;
    BlockLog blocks;
    std::vector<TailBatch> tail;
    RowCount fileRows; ///< in `blocks`
    RowCount rows;     ///< with the tail
    RowCount committedRows;
    /// Rows from here on are still to be compared by key; see DatasetRecord.
    std::optional<RowIndex> unmergedFrom;
    std::uint64_t numbering = 0; ///< grows when rows get other numbers
    std::shared_ptr<ColumnCache> cache;

    /// Show everything under `wider`, which has all columns of the present schema.
    void setSchema(columnar::SchemaPtr wider);
    void addPart(int number, std::shared_ptr<const DatasetPart> file);
    /// The next batch of the last part.
    void addBlock(const ArrowBlock &block, DeletedRowsPtr deleted = nullptr);
    /// Give batches new deletion vectors, by index in `blocks`. Row numbers change.
    void supersede(const std::map<std::size_t, DeletedRowsPtr> &deleted);
    /// Forget parts without rows, by index in `parts`.
    void dropParts(const std::set<std::size_t> &dropped);
    void addTail(std::shared_ptr<const columnar::RecordBatch> batch);
    /// Show no unmerged rows. For states that do not grow any more.
    void hideUnmerged();
    /// Drop the tail, whose rows stand in a part now or will be added anew.
    void clearTail();
    [[nodiscard]] ByteCount tailMemory() const { return m_tailMemory; }

private:
    [[nodiscard]] ColumnMapPtr mapFrom(const columnar::SchemaPtr &source) const;
    /// The latest answer of `mapFrom`; most batches share one schema.
    mutable columnar::SchemaPtr m_mappedFrom;
    mutable ColumnMapPtr m_map;
    ByteCount m_tailMemory;
};

/// The state that the catalogue describes, unmerged rows and all, with `folder` as the dataset's.
/// Files of tails are opened at once, because their names go away.
/// Errors: LibraryDamaged if a file is shorter than its committed length; FileNotFound.
[[nodiscard]] Result<DatasetState> loadState(const std::filesystem::path &folder,
                                             const CatalogueContents &contents,
                                             std::shared_ptr<ColumnCache> cache);

} // namespace freshet::store
