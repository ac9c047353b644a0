// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/deleted_rows.h"

#include "columnar/bitmap.h"
#include "columnar/take.h"

#include <atomic>
#include <cstring>

namespace freshet::store {

using columnar::Buffer;
using columnar::MutableBuffer;

namespace {

std::uint64_t nextIdentity()
{
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

} // namespace

DeletedRows::DeletedRows(Buffer bits, RowCount batchRows)
    : m_bits(std::move(bits)),
      m_batchRows(batchRows),
      m_count(columnar::countBits(m_bits.data(), 0, batchRows.value())),
      m_identity(nextIdentity())
{}

DeletedRowsPtr DeletedRows::with(const DeletedRowsPtr &before, RowCount batchRows,
                                 std::span<const std::int64_t> rows)
{
    MutableBuffer bits = columnar::filledBitmap(batchRows.value(), false);
    if (before)
        std::memcpy(bits.data(), before->m_bits.data(), before->m_bits.size());
    for (const std::int64_t row : rows)
        columnar::setBit(bits.data(), row);
    return DeletedRowsPtr(new DeletedRows(bits.finish(), batchRows));
}

Result<DeletedRowsPtr> DeletedRows::fromBytes(std::string_view bitmap, RowCount batchRows)
{
    if (bitmap.empty() || bitmap.size() != columnar::bitmapBytes(batchRows.value()))
        return fail(ErrorCode::LibraryDamaged, "a deletion vector of " +
                                                   std::to_string(bitmap.size()) + " bytes for " +
                                                   std::to_string(batchRows.value()) + " rows");
    auto bits = Buffer::copyOf(std::as_bytes(std::span(bitmap)));
    return DeletedRowsPtr(new DeletedRows(std::move(bits), batchRows));
}

std::vector<std::int64_t> DeletedRows::liveRows() const
{
    std::vector<std::int64_t> rows;
    rows.reserve(static_cast<std::size_t>((m_batchRows - m_count).value()));
    for (std::int64_t row = 0; row < m_batchRows.value(); ++row) {
        if (!columnar::bitAt(m_bits.data(), row))
            rows.push_back(row);
    }
    return rows;
}

columnar::Column DeletedRows::filtered(const columnar::Column &column) const
{
    return columnar::takeRows(column, liveRows());
}

} // namespace freshet::store
