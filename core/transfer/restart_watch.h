// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace freshet::transfer {

/// Sees whether an answer that was to hold new rows begins with the dataset's first ones.
///
/// Rows that do are held back until it is clear: until one differs, the answer ends, or as many
/// came as are known. Rows that are all alike prove nothing: a sensor may send 20 again and again.
/// Threads: one thread at a time.
class RestartWatch
{
public:
    /// So many rows of the dataset's start are worth knowing.
    static constexpr std::int64_t kRows = 64;
    /// So many different ones among those that match make it clear.
    static constexpr std::size_t kDistinct = 3;

    struct Decision
    {
        bool isRestart = false;
        std::vector<columnar::RecordBatch> batches; ///< that were held back, in their order
    };

    RestartWatch() = default;
    /// `first`: hashes of the dataset's first rows, by `rowHashes`.
    explicit RestartWatch(std::vector<std::uint64_t> first) : m_first(std::move(first)) {}

    [[nodiscard]] bool isActive() const { return m_matched < m_first.size(); }
    /// Take in the next rows. Output: nothing while it is not clear; the watch is over then.
    [[nodiscard]] std::optional<Decision> add(columnar::RecordBatch batch);
    /// The answer has ended. Output: the rest, if there is any.
    [[nodiscard]] std::optional<Decision> end();

private:
    [[nodiscard]] Decision decide(bool matches);

    std::vector<std::uint64_t> m_first;
    std::size_t m_matched = 0;
    std::set<std::uint64_t> m_distinct;
    std::vector<columnar::RecordBatch> m_heldBack;
};

} // namespace freshet::transfer
