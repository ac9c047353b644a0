// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/row_delivery.h"

#include <algorithm>
#include <utility>

namespace freshet::transfer {

std::vector<columnar::RecordBatch> RowDelivery::newRows(columnar::RecordBatch batch)
{
    const std::int64_t passedOver = std::min(m_toPassOver, batch.rowCount);
    m_toPassOver -= passedOver;
    if (passedOver == batch.rowCount)
        return {};
    if (passedOver > 0)
        batch = columnar::sliceBatch(batch, passedOver, batch.rowCount - passedOver);
    if (m_held.isActive())
        return m_held.newRows(batch);
    return {std::move(batch)};
}

Status RowDelivery::deliver(columnar::RecordBatch batch, DecodedBatch note)
{
    if (note.start)
        m_start = std::move(note.start);
    auto runs = newRows(std::move(batch));
    if (runs.empty()) // a planner may have come on all the same
        return note.planned && note.hasPoint ? push(std::move(note)) : Status();
    note.batch = std::move(runs.back());
    runs.pop_back();
    for (auto &run : runs)
        FRESHET_TRY(push({.batch = std::move(run), .hasPoint = false}));
    note.start = std::exchange(m_start, nullptr);
    return push(std::move(note));
}

Status RowDelivery::deliver(store::StoredReject reject)
{
    const ByteCount size(static_cast<std::int64_t>(reject.rawText.size() + reject.reason.size()));
    return hand(std::move(reject), size);
}

Status RowDelivery::push(DecodedBatch item)
{
    const auto &limit = m_request.limit;
    if (limit && item.batch.rowCount > 0 && m_rows + RowCount(item.batch.rowCount) >= *limit) {
        const std::int64_t wanted = std::max<std::int64_t>((*limit - m_rows).value(), 0);
        if (wanted < item.batch.rowCount) {
            item.batch = columnar::sliceBatch(item.batch, 0, wanted);
            item.hasPoint = false;
        }
        m_reachedLimit = true;
    }
    m_rows += RowCount(item.batch.rowCount);
    const ByteCount size = item.batch.memory();
    FRESHET_TRY(hand(std::move(item), size));
    if (m_reachedLimit)
        return fail(ErrorCode::LimitReached, "the wanted number of rows is there");
    return {};
}

template <typename Item>
Status RowDelivery::hand(Item item, ByteCount size)
{
    if (m_batches.push(std::move(item), size))
        return {};
    m_isRefused = true;
    return fail(ErrorCode::Cancelled, "nobody wants the rows any more");
}

} // namespace freshet::transfer
