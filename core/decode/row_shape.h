// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

struct FailureObject;

/// What all rows of a stream have in common: the columns that each of them had a value in. Costs a
/// look at each column of a batch.
/// Threads: one thread at a time.
class RowShape
{
public:
    void note(const columnar::RecordBatch &batch);
    void clear() { *this = RowShape(); }

    [[nodiscard]] bool hasRows() const { return m_hasRows; }
    /// Whether `report` cannot be one more row: it lacks what all rows have. Where they have
    /// nothing in common, it has nothing in common with any: with none of `columns`. Before the
    /// first row only a certain report is none.
    [[nodiscard]] bool isForeign(const FailureObject &report,
                                 const std::vector<std::string> &columns) const;

private:
    bool m_hasRows = false;
    std::vector<std::string> m_steady;
};

} // namespace freshet::decode
