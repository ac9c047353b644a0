// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"
#include "transport/prefix_digest.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

/// Tells whether two pages have the same rows, however they came in batches.
///
/// It takes the bytes of the values, so that a column whose type widens makes two equal pages
/// differ; the next one is equal again. Nulls count as the values they leave behind.
/// Threads: one thread at a time.
class PageDigest
{
public:
    void add(const columnar::RecordBatch &batch);
    /// Of the rows added since the last call; 0 if there were none.
    [[nodiscard]] std::uint64_t take();

private:
    std::vector<transport::PrefixDigest> m_columns;
    std::int64_t m_rows = 0;
};

/// The text of the last row's value in `column`; nothing if it is absent.
[[nodiscard]] std::optional<std::string> lastValueOf(const columnar::RecordBatch &batch,
                                                     const std::string &column);

} // namespace freshet::transfer
