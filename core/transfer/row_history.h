// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

namespace freshet::transfer {

/// A hash of each row of `batch` from `first` on, by the names and exact texts of its values:
/// neither the order of the columns nor a type that widens meanwhile changes it. Not to be kept
/// beyond this process.
[[nodiscard]] std::vector<std::uint64_t> rowHashes(const columnar::RecordBatch &batch,
                                                   std::int64_t first = 0);

/// The last rows of a download, as long as they may come again.
/// Threads: one thread at a time.
class RowHistory
{
public:
    /// Keep `batch`, and of what came before it no more than `wanted` rows ask for.
    void add(columnar::RecordBatch batch, std::int64_t wanted);
    /// Of the last `count` rows, or of fewer if so many are not held.
    [[nodiscard]] std::vector<std::uint64_t> lastHashes(std::int64_t count) const;

private:
    std::deque<columnar::RecordBatch> m_batches;
    std::int64_t m_rows = 0;
};

/// Drops rows that are held already, each as often as it is held.
/// Threads: one thread at a time.
class RepeatFilter
{
public:
    RepeatFilter() = default;
    explicit RepeatFilter(const std::vector<std::uint64_t> &held);
    /// Hold these in place of those before, which are among them; what was dropped stays counted.
    void widenTo(const std::vector<std::uint64_t> &held);

    [[nodiscard]] bool isActive() const { return !m_held.empty(); }
    /// The rows of `batch` that are new, as runs in their order.
    [[nodiscard]] std::vector<columnar::RecordBatch> newRows(const columnar::RecordBatch &batch);

private:
    [[nodiscard]] bool take(std::uint64_t hash);

    std::unordered_map<std::uint64_t, std::int64_t> m_held; ///< hash → how often
    std::vector<std::uint64_t> m_taken;                     ///< dropped, while they may be wanted
    bool m_isWide = false;
};

} // namespace freshet::transfer
