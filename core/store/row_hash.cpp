// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/row_hash.h"

#include <bit>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace freshet::store {

using columnar::Column;

namespace {

/// Stands for a value that is absent; no value hashes its bytes under this seed.
constexpr std::uint64_t kAbsentSeed = 0x9E3779B97F4A7C15ULL;

/// `bytes` behind what `before` stands for.
RowHash chained(const RowHash &before, const void *bytes, std::size_t size, std::uint64_t seed)
{
    const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, size, before.low ^ seed);
    return {hash.low64, std::rotl(before.high, 23) ^ hash.high64};
}

RowHash withValue(const RowHash &before, const Column &column, std::int64_t row)
{
    if (column.type.isText()) {
        const std::string_view text = column.textAt(row);
        return chained(before, text.data(), text.size(), 0);
    }
    const auto width = static_cast<std::size_t>(columnar::valueWidth(column.type.kind));
    if (width == 0) {
        const char value = column.boolAt(row) ? 1 : 0;
        return chained(before, &value, 1, 0);
    }
    return chained(before, column.values.data() + static_cast<std::size_t>(row) * width, width, 0);
}

} // namespace

std::vector<RowHash> hashRows(std::span<const Column> columns, std::span<const std::int64_t> rows,
                              NullHashing nulls)
{
    constexpr RowHash kStart{1, 1};
    constexpr RowHash kNone;
    std::vector<RowHash> hashes(rows.size(), kStart);
    for (const Column &column : columns) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            RowHash &hash = hashes[i];
            if (nulls == NullHashing::NoHash && hash == kNone)
                continue;
            if (!column.isNull(rows[i]))
                hash = withValue(hash, column, rows[i]);
            else if (nulls == NullHashing::NoHash)
                hash = kNone;
            else
                hash = chained(hash, "", 0, kAbsentSeed);
        }
    }
    return hashes;
}

} // namespace freshet::store
