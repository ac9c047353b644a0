// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <string>
#include <string_view>

namespace freshet::transfer {

/// The column that names the file of each row, in front of the file's own.
///
/// A file's own column of that name is called `NAME#2`, as a name that comes twice is everywhere.
/// Threads: a value; any.
class FileColumn
{
public:
    /// Empty: there is none, and nothing below changes anything.
    explicit FileColumn(std::string name) : m_name(std::move(name)) {}

    /// `batch` with the column, `file` in each row.
    [[nodiscard]] columnar::RecordBatch addTo(columnar::RecordBatch batch,
                                              std::string_view file) const;
    /// The columns of the files alone, of a dataset's that has the column.
    [[nodiscard]] columnar::Schema without(const columnar::Schema &schema) const;

private:
    [[nodiscard]] std::string otherName() const { return m_name + "#2"; }

    std::string m_name;
};

} // namespace freshet::transfer
