// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/row_groups.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace freshet::query {

using columnar::RecordBatch;

namespace {

constexpr std::int64_t kEnoughRows = 32'768;
constexpr ByteCount kEnoughBytes = 8_MiB;
/// DuckDB's vector: what a batch may differ from the size.
constexpr std::int64_t kTolerance = 2048;

} // namespace

Status RowGroups::begin()
{
    auto first = gather(kEnoughRows);
    if (!first)
        return fail(std::move(first).error());
    m_first = std::move(*first);
    if (m_first)
        m_groupRows = m_first->rowCount;
    return {};
}

Result<std::optional<RecordBatch>> RowGroups::next()
{
    if (m_first)
        return std::exchange(m_first, std::nullopt);
    return gather(std::max<std::int64_t>(m_groupRows - kTolerance + 1, 1));
}

/// Whole batches until they have so many rows or are large.
Result<std::optional<RecordBatch>> RowGroups::gather(std::int64_t enoughRows)
{
    std::vector<RecordBatch> parts;
    std::int64_t rows = 0;
    ByteCount bytes;
    while (rows < enoughRows && bytes < kEnoughBytes) {
        auto batch = m_rows.next();
        if (!batch)
            return fail(std::move(batch).error());
        if (!*batch)
            break;
        if ((*batch)->rowCount == 0)
            continue;
        rows += (*batch)->rowCount;
        bytes += (*batch)->memory();
        parts.push_back(std::move(**batch));
    }
    if (parts.empty())
        return std::nullopt;
    return parts.size() == 1 ? std::move(parts.front()) : columnar::concatenate(parts);
}

} // namespace freshet::query
