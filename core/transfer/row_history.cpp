// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/row_history.h"

#include "columnar/value_text.h"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>

namespace freshet::transfer {

namespace {

/// Spreads every bit of `hash` over all of them (the finaliser of SplitMix64).
std::uint64_t mixed(std::uint64_t hash)
{
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9U;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebU;
    return hash ^ (hash >> 31);
}

} // namespace

std::vector<std::uint64_t> rowHashes(const columnar::RecordBatch &batch, std::int64_t first)
{
    const std::hash<std::string_view> hash;
    std::vector<std::uint64_t> hashes(static_cast<std::size_t>(batch.rowCount - first));
    std::string text;
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
        const columnar::Column &column = batch.columns[i];
        const std::uint64_t name = mixed(hash(batch.schema->fields[i].name));
        for (std::int64_t row = first; row < batch.rowCount; ++row) {
            if (column.isNull(row))
                continue;
            text.clear();
            columnar::appendText(text, column, row);
            // A sum, so that the order of the columns does not matter.
            hashes[static_cast<std::size_t>(row - first)] += mixed(name ^ hash(text));
        }
    }
    return hashes;
}

void RowHistory::add(columnar::RecordBatch batch, std::int64_t wanted)
{
    m_rows += batch.rowCount;
    m_batches.push_back(std::move(batch));
    while (!m_batches.empty() && m_rows - m_batches.front().rowCount >= wanted) {
        m_rows -= m_batches.front().rowCount;
        m_batches.pop_front();
    }
}

std::vector<std::uint64_t> RowHistory::lastHashes(std::int64_t count) const
{
    std::vector<std::uint64_t> hashes;
    std::int64_t missing = count;
    for (auto batch = m_batches.rbegin(); batch != m_batches.rend() && missing > 0; ++batch) {
        const std::int64_t first = std::max<std::int64_t>(batch->rowCount - missing, 0);
        const auto more = rowHashes(*batch, first);
        hashes.insert(hashes.end(), more.begin(), more.end());
        missing -= batch->rowCount;
    }
    return hashes;
}

RepeatFilter::RepeatFilter(const std::vector<std::uint64_t> &held)
{
    for (const std::uint64_t hash : held)
        ++m_held[hash];
}

void RepeatFilter::widenTo(const std::vector<std::uint64_t> &held)
{
    *this = [&] {
        RepeatFilter wider(held);
        wider.m_isWide = true;
        for (const std::uint64_t hash : m_taken)
            static_cast<void>(wider.take(hash));
        return wider;
    }();
}

bool RepeatFilter::take(std::uint64_t hash)
{
    const auto found = m_held.find(hash);
    if (found == m_held.end())
        return false;
    if (--found->second == 0)
        m_held.erase(found);
    if (!m_isWide)
        m_taken.push_back(hash);
    return true;
}

std::vector<columnar::RecordBatch> RepeatFilter::newRows(const columnar::RecordBatch &batch)
{
    std::vector<columnar::RecordBatch> runs;
    const auto hashes = rowHashes(batch);
    std::int64_t runStart = 0;
    const auto closeRun = [&](std::int64_t end) {
        if (end > runStart)
            runs.push_back(columnar::sliceBatch(batch, runStart, end - runStart));
    };
    for (std::int64_t row = 0; row < batch.rowCount && isActive(); ++row) {
        if (!take(hashes[static_cast<std::size_t>(row)]))
            continue;
        closeRun(row);
        runStart = row + 1;
    }
    closeRun(batch.rowCount);
    return runs;
}

} // namespace freshet::transfer
