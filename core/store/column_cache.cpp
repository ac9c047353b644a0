// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/column_cache.h"

#include <iterator>

namespace freshet::store {

using columnar::Column;

namespace {

/// What an entry costs beside its buffers; keeps a cache of tiny columns bounded, too.
constexpr ByteCount kEntryCost(256);

} // namespace

std::size_t ColumnCache::KeyHash::operator()(const ColumnKey &key) const
{
    // Multiplicative mixing, the finaliser of splitmix64 between the fields.
    std::uint64_t hash = key.part;
    const auto mix = [&hash](std::uint64_t value) {
        hash = (hash ^ value) * 0xBF58476D1CE4E5B9ULL;
        hash ^= hash >> 31;
    };
    mix(static_cast<std::uint64_t>(key.block.value()));
    mix(static_cast<std::uint64_t>(key.column));
    mix(key.deletions);
    mix(static_cast<std::uint64_t>(key.type.kind));
    return static_cast<std::size_t>(hash);
}

std::optional<Column> ColumnCache::find(const ColumnKey &key)
{
    const std::lock_guard lock(m_mutex);
    const auto place = m_places.find(key);
    if (place == m_places.end())
        return std::nullopt;
    m_entries.splice(m_entries.begin(), m_entries, place->second);
    return place->second->column;
}

void ColumnCache::insert(const ColumnKey &key, Column column)
{
    const ByteCount cost = column.memory() + kEntryCost;
    Entries dropped;
    const std::lock_guard lock(m_mutex);
    if (cost > m_capacity || m_places.contains(key))
        return;
    m_entries.push_front({key, std::move(column), cost});
    m_places.emplace(key, m_entries.begin());
    m_held += cost;
    dropped = evicted();
}

void ColumnCache::setCapacity(ByteCount capacity)
{
    Entries dropped;
    const std::lock_guard lock(m_mutex);
    m_capacity = capacity;
    dropped = evicted();
}

ByteCount ColumnCache::held() const
{
    const std::lock_guard lock(m_mutex);
    return m_held;
}

ColumnCache::Entries ColumnCache::evicted()
{
    Entries dropped;
    while (m_held > m_capacity && !m_entries.empty()) {
        m_held -= m_entries.back().cost;
        m_places.erase(m_entries.back().key);
        dropped.splice(dropped.begin(), m_entries, std::prev(m_entries.end()));
    }
    return dropped;
}

} // namespace freshet::store
