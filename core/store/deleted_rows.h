// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "columnar/record_batch.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace freshet::store {

class DeletedRows;
using DeletedRowsPtr = std::shared_ptr<const DeletedRows>;

/// The deletion vector of one batch in a part file: which of its rows newer ones have superseded.
/// The file itself never changes.
///
/// Shape: a bitmap with one bit for each row of the batch, 1 = deleted.
/// Threads: immutable.
class DeletedRows
{
public:
    /// `before` (null: none) and `rows`, numbers within the batch of `batchRows` rows, together.
    [[nodiscard]] static DeletedRowsPtr with(const DeletedRowsPtr &before, RowCount batchRows,
                                             std::span<const std::int64_t> rows);
    /// As the catalogue keeps it. Errors: LibraryDamaged if it is not for so many rows.
    [[nodiscard]] static Result<DeletedRowsPtr> fromBytes(std::string_view bitmap,
                                                          RowCount batchRows);

    [[nodiscard]] std::string_view bytes() const { return m_bits.text(); }
    [[nodiscard]] RowCount count() const { return m_count; }
    /// Unique in the process, for caches.
    [[nodiscard]] std::uint64_t identity() const { return m_identity; }
    /// The numbers of the rows that are left, ascending.
    [[nodiscard]] std::vector<std::int64_t> liveRows() const;
    /// `column`, as it stands in the file, without the deleted rows.
    [[nodiscard]] columnar::Column filtered(const columnar::Column &column) const;

private:
    DeletedRows(columnar::Buffer bits, RowCount batchRows);

    columnar::Buffer m_bits;
    RowCount m_batchRows;
    RowCount m_count;
    std::uint64_t m_identity;
};

} // namespace freshet::store
