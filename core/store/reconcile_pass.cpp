// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/reconcile_pass.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace freshet::store {

namespace {

constexpr RowHash kNoKey;

/// The numbers within the batch of those of its rows that lie in [first, end).
std::vector<std::int64_t> placesIn(const BatchExtent &extent, RowIndex first, RowIndex end)
{
    const RowIndex from = std::max(first, extent.first);
    const RowIndex to = std::min(end, extent.first + extent.rows);
    std::vector<std::int64_t> places(from < to ? static_cast<std::size_t>((to - from).value()) : 0);
    std::iota(places.begin(), places.end(), from < to ? (from - extent.first).value() : 0);
    return places;
}

Status cancelled()
{
    return fail(ErrorCode::Cancelled, "stopped while rows were compared by key");
}

} // namespace

RowSet::RowSet(DatasetSnapshot snapshot)
    : m_snapshot(std::move(snapshot)), m_batches(static_cast<std::size_t>(m_snapshot.batchCount()))
{}

void RowSet::insert(std::int64_t batch, RowIndex row)
{
    const BatchExtent extent = m_snapshot.extent(batch);
    std::vector<bool> &rows = m_batches[static_cast<std::size_t>(batch)];
    rows.resize(static_cast<std::size_t>(extent.rows.value()));
    rows[static_cast<std::size_t>((row - extent.first).value())] = true;
}

bool RowSet::contains(std::int64_t batch, RowIndex row) const
{
    const std::vector<bool> &rows = m_batches[static_cast<std::size_t>(batch)];
    return !rows.empty() &&
           rows[static_cast<std::size_t>((row - m_snapshot.extent(batch).first).value())];
}

std::vector<RowIndex> RowSet::inBatch(std::int64_t batch) const
{
    const std::vector<bool> &rows = m_batches[static_cast<std::size_t>(batch)];
    std::vector<RowIndex> result;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i])
            result.push_back(m_snapshot.extent(batch).first +
                             RowCount(static_cast<std::int64_t>(i)));
    }
    return result;
}

KeyIndex::KeyIndex(std::int64_t mostEntries)
    : m_slots(std::bit_ceil(static_cast<std::size_t>(mostEntries) * 3 / 2 + 1), kNone)
{}

std::size_t KeyIndex::slotOf(const RowHash &key, const std::vector<RowHash> &keys) const
{
    std::size_t slot = key.low & (m_slots.size() - 1);
    while (m_slots[slot] != kNone && keys[m_slots[slot]] != key)
        slot = (slot + 1) & (m_slots.size() - 1);
    return slot;
}

std::uint32_t KeyIndex::find(const RowHash &key, const std::vector<RowHash> &keys) const
{
    return m_slots[slotOf(key, keys)];
}

void KeyIndex::insert(const RowHash &key, std::uint32_t entry, const std::vector<RowHash> &keys)
{
    m_slots[slotOf(key, keys)] = entry;
}

ReconcilePass::ReconcilePass(const DatasetSnapshot &snapshot, const std::vector<int> &key,
                             bool replaces, RowSet &gone, const CancelToken &cancel)
    : m_snapshot(snapshot),
      m_keyColumns(key),
      m_allColumns(snapshot.schema()->fields.size()),
      m_replaces(replaces),
      m_gone(gone),
      m_cancel(cancel),
      m_index(0)
{
    std::iota(m_allColumns.begin(), m_allColumns.end(), 0);
}

Result<std::vector<RowHash>> ReconcilePass::hashes(std::int64_t batch,
                                                   const std::vector<int> &columns,
                                                   std::span<const std::int64_t> rows,
                                                   NullHashing nulls) const
{
    const auto read = m_snapshot.batch(batch, columns);
    if (!read)
        return fail(read.error());
    return hashRows(read->columns, rows, nulls);
}

Status ReconcilePass::takeNewRows(RowIndex from, RowIndex end)
{
    m_first = from;
    m_rows = end - from;
    m_index = KeyIndex(m_rows.value());
    const std::int64_t last = m_snapshot.batchOf(end - RowCount(1));
    for (std::int64_t batch = m_snapshot.batchOf(from); batch <= last; ++batch) {
        if (m_cancel.isCancelled())
            return cancelled();
        FRESHET_TRY(takeBatch(batch, from, end));
    }
    return {};
}

Status ReconcilePass::takeBatch(std::int64_t batch, RowIndex first, RowIndex end)
{
    const BatchExtent extent = m_snapshot.extent(batch);
    const auto places = placesIn(extent, first, end);
    const auto keys = hashes(batch, m_keyColumns, places, NullHashing::NoHash);
    if (!keys)
        return fail(keys.error());
    std::vector<RowHash> contents(places.size());
    if (m_replaces) {
        auto read = hashes(batch, m_allColumns, places, NullHashing::Ignore);
        if (!read)
            return fail(std::move(read).error());
        contents = std::move(*read);
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        if ((*keys)[i] != kNoKey)
            takeRow((*keys)[i], contents[i].low, batch, extent.first + RowCount(places[i]));
    }
    return {};
}

void ReconcilePass::drop(std::int64_t batch, RowIndex row)
{
    m_gone.insert(batch, row);
    m_duplicates += RowCount(1);
}

void ReconcilePass::takeRow(const RowHash &key, std::uint64_t content, std::int64_t batch,
                            RowIndex row)
{
    const std::uint32_t known = m_index.find(key, m_keys);
    if (known == KeyIndex::kNone) {
        const auto number = static_cast<std::uint32_t>(m_entries.size());
        m_keys.push_back(key);
        m_entries.push_back(
            {.content = content, .row = static_cast<std::uint32_t>((row - m_first).value())});
        m_index.insert(key, number, m_keys);
        return;
    }
    Entry &entry = m_entries[known];
    if (!m_replaces || entry.content == content)
        return drop(batch, row);
    m_gone.insert(m_snapshot.batchOf(rowOf(entry)), rowOf(entry));
    m_updated += RowCount(1);
    entry.content = content;
    entry.row = static_cast<std::uint32_t>((row - m_first).value());
}

Status ReconcilePass::meetOlderRows(RowIndex end)
{
    for (std::int64_t batch = 0; batch < m_snapshot.batchCount(); ++batch) {
        if (m_snapshot.extent(batch).first >= end)
            break;
        if (m_cancel.isCancelled())
            return cancelled();
        FRESHET_TRY(meetBatch(batch, end));
    }
    return {};
}

Status ReconcilePass::meetBatch(std::int64_t batch, RowIndex end)
{
    const BatchExtent extent = m_snapshot.extent(batch);
    const auto places = placesIn(extent, RowIndex(), end);
    const auto keys = hashes(batch, m_keyColumns, places, NullHashing::NoHash);
    if (!keys)
        return fail(keys.error());
    std::vector<std::int64_t> met;
    std::vector<std::uint32_t> entries;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const RowHash &key = (*keys)[i];
        const std::uint32_t entry = key == kNoKey ? KeyIndex::kNone : m_index.find(key, m_keys);
        if (entry == KeyIndex::kNone || m_gone.contains(batch, extent.first + RowCount(places[i])))
            continue;
        met.push_back(places[i]);
        entries.push_back(entry);
    }
    if (met.empty())
        return {};
    // Most batches have no row that came again: only here the other columns are read.
    std::vector<RowHash> contents(met.size());
    if (m_replaces) {
        auto read = hashes(batch, m_allColumns, met, NullHashing::Ignore);
        if (!read)
            return fail(std::move(read).error());
        contents = std::move(*read);
    }
    for (std::size_t i = 0; i < met.size(); ++i)
        meetRow(m_entries[entries[i]], contents[i].low, batch, extent.first + RowCount(met[i]));
    return {};
}

void ReconcilePass::meetRow(Entry &entry, std::uint64_t content, std::int64_t batch, RowIndex row)
{
    const bool isSame = !m_replaces || entry.content == content;
    if (isSame && !entry.isGone && !entry.hasMetOlder) {
        drop(m_snapshot.batchOf(rowOf(entry)), rowOf(entry));
        entry.isGone = true;
        return;
    }
    if (!m_replaces)
        return; // older rows are what they were, even if several share a key
    m_gone.insert(batch, row);
    if (!entry.isGone && !entry.hasMetOlder)
        m_updated += RowCount(1);
    entry.hasMetOlder = true;
}

RunFigures ReconcilePass::figures() const
{
    return {.added = m_rows - m_updated - m_duplicates,
            .updated = m_updated,
            .duplicates = m_duplicates};
}

} // namespace freshet::store
