// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "store/library.h"
#include "store/row_hash.h"

#include <cstdint>
#include <vector>

namespace freshet::store {

/// Some rows of a snapshot: one bit each, for those batches that have any.
class RowSet
{
public:
    explicit RowSet(DatasetSnapshot snapshot);
    /// `row` lies in batch number `batch`.
    void insert(std::int64_t batch, RowIndex row);
    [[nodiscard]] bool contains(std::int64_t batch, RowIndex row) const;
    [[nodiscard]] std::vector<RowIndex> inBatch(std::int64_t batch) const;

private:
    DatasetSnapshot m_snapshot;
    std::vector<std::vector<bool>> m_batches; ///< empty for those without
};

/// Finds entries by their key's hash; open addressing, never more than two thirds full.
class KeyIndex
{
public:
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    explicit KeyIndex(std::int64_t mostEntries);
    /// The number of the entry whose key in `keys` this is, or kNone.
    [[nodiscard]] std::uint32_t find(const RowHash &key, const std::vector<RowHash> &keys) const;
    /// Keep the number of an entry that is not there yet.
    void insert(const RowHash &key, std::uint32_t entry, const std::vector<RowHash> &keys);

private:
    [[nodiscard]] std::size_t slotOf(const RowHash &key, const std::vector<RowHash> &keys) const;

    std::vector<std::uint32_t> m_slots;
};

/// One pass of `reconcile`: holds the keys of some new rows and meets all rows before them.
class ReconcilePass
{
public:
    ReconcilePass(const DatasetSnapshot &snapshot, const std::vector<int> &key, bool replaces,
                  RowSet &gone, const CancelToken &cancel);

    /// Rows [from, end), which are the pass's.
    [[nodiscard]] Status takeNewRows(RowIndex from, RowIndex end);
    /// Rows [0, end).
    [[nodiscard]] Status meetOlderRows(RowIndex end);
    [[nodiscard]] RunFigures figures() const;

private:
    /// The row of a key that stays, so far.
    struct Entry
    {
        std::uint64_t content = 0;
        std::uint32_t row = 0; ///< counted from the first of the pass
        bool isGone = false;
        bool hasMetOlder = false;
    };

    [[nodiscard]] Status takeBatch(std::int64_t batch, RowIndex first, RowIndex end);
    [[nodiscard]] Status meetBatch(std::int64_t batch, RowIndex end);
    void takeRow(const RowHash &key, std::uint64_t content, std::int64_t batch, RowIndex row);
    void meetRow(Entry &entry, std::uint64_t content, std::int64_t batch, RowIndex row);
    [[nodiscard]] RowIndex rowOf(const Entry &entry) const { return m_first + RowCount(entry.row); }
    void drop(std::int64_t batch, RowIndex row);
    [[nodiscard]] Result<std::vector<RowHash>> hashes(std::int64_t batch,
                                                      const std::vector<int> &columns,
                                                      std::span<const std::int64_t> rows,
                                                      NullHashing nulls) const;

    const DatasetSnapshot &m_snapshot;
    const std::vector<int> &m_keyColumns;
    std::vector<int> m_allColumns;
    const bool m_replaces;
    RowSet &m_gone;
    const CancelToken &m_cancel;

    RowIndex m_first;
    KeyIndex m_index;
    std::vector<RowHash> m_keys; ///< of the entries
    std::vector<Entry> m_entries;
    RowCount m_rows;
    RowCount m_updated;
    RowCount m_duplicates;
};

} // namespace freshet::store
