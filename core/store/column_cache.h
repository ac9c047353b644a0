// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"
#include "columnar/record_batch.h"

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace freshet::store {

/// Which decompressed column a cache entry is: of which part file, at which batch, cast to which
/// type. `part` is unique in the process (see DatasetPart), so that a file that takes another's
/// name is never mistaken for it.
struct ColumnKey
{
    std::uint64_t part = 0;
    ByteOffset block;
    int column = 0;
    /// Which of its rows are left out (DeletedRows::identity); 0: none.
    std::uint64_t deletions = 0;
    columnar::LogicalType type;

    bool operator==(const ColumnKey &) const = default;
};

/// Decompressed columns, the least recently used ones dropped first; shared by the datasets of a
/// library. A column larger than the whole cache is not kept.
/// Threads: thread-safe; no I/O happens under the lock.
class ColumnCache
{
public:
    explicit ColumnCache(ByteCount capacity) : m_capacity(capacity) {}

    [[nodiscard]] std::optional<columnar::Column> find(const ColumnKey &key);
    void insert(const ColumnKey &key, columnar::Column column);
    void setCapacity(ByteCount capacity);
    [[nodiscard]] ByteCount held() const;

private:
    struct Entry
    {
        ColumnKey key;
        columnar::Column column;
        ByteCount cost;
    };
    struct KeyHash
    {
        std::size_t operator()(const ColumnKey &key) const;
    };
    using Entries = std::list<Entry>; ///< most recently used first

    /// Take entries out until the rest fits; they are destroyed by the caller, without the lock.
    [[nodiscard]] Entries evicted();

    mutable std::mutex m_mutex;
    ByteCount m_capacity;
    ByteCount m_held;
    Entries m_entries;
    std::unordered_map<ColumnKey, Entries::iterator, KeyHash> m_places;
};

} // namespace freshet::store
