// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"
#include "transfer/row_history.h"
#include "transfer/write_item.h"

namespace freshet::transfer {

/// Hands decoded rows on to the writer: leaves out those that the dataset holds already, and cuts
/// at the limit.
///
/// Threads: one thread at a time.
class RowDelivery
{
public:
    RowDelivery(const DownloadRequest &request, WriteQueue &batches)
        : m_request(request), m_batches(batches)
    {}

    /// The dataset holds so many rows.
    void holds(RowCount rows) { m_rows = rows; }
    /// Leave out the next `rows` rows.
    void passOver(std::int64_t rows) { m_toPassOver = rows; }
    /// Of those to be left out, how many have not come.
    [[nodiscard]] std::int64_t toPassOver() const { return m_toPassOver; }
    /// From now on, leave out rows that are held.
    void dropRepeats(RepeatFilter held) { m_held = std::move(held); }
    /// The same for more rows, those among them.
    void dropRepeatsOf(const std::vector<std::uint64_t> &held) { m_held.widenTo(held); }

    /// `note`, which holds no rows yet, tells where the download could go on behind `batch`;
    /// without rows it is a planner's point between two legs. Errors: LimitReached; Cancelled if
    /// nobody takes rows any more.
    [[nodiscard]] Status deliver(columnar::RecordBatch batch, DecodedBatch note);
    [[nodiscard]] Status deliver(store::StoredReject reject);

    [[nodiscard]] bool reachedLimit() const { return m_reachedLimit; }
    /// No more rows are wanted: the limit was reached, or the writer is gone.
    [[nodiscard]] bool isStopped() const { return m_reachedLimit || m_isRefused; }
    /// Of the dataset, those under way included.
    [[nodiscard]] RowCount rows() const { return m_rows; }

private:
    [[nodiscard]] std::vector<columnar::RecordBatch> newRows(columnar::RecordBatch batch);
    [[nodiscard]] Status push(DecodedBatch item);
    template <typename Item>
    [[nodiscard]] Status hand(Item item, ByteCount size);

    const DownloadRequest &m_request;
    WriteQueue &m_batches;
    RowCount m_rows;
    std::int64_t m_toPassOver = 0;
    RepeatFilter m_held;
    std::shared_ptr<const StreamStart> m_start; ///< not told yet
    bool m_reachedLimit = false;
    bool m_isRefused = false;
};

} // namespace freshet::transfer
