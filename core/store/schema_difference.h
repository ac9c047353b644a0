// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::store {

/// How the columns of a run's rows differ from what the dataset had before it; for a first run,
/// from its first rows.
struct SchemaDifference
{
    struct NewColumn
    {
        std::string name;
        std::string type;
        RowIndex from; ///< the first row that names it
    };
    struct VanishedColumn
    {
        std::string name;
        RowIndex since; ///< from here on no row of the run names it
    };
    struct RetypedColumn
    {
        std::string name;
        std::string before;
        std::string after;
    };

    std::vector<NewColumn> added;
    std::vector<VanishedColumn> vanished;
    std::vector<RetypedColumn> retyped;

    [[nodiscard]] bool isEmpty() const
    {
        return added.empty() && vanished.empty() && retyped.empty();
    }
    /// One for each column: `"age" is new (int64), from row 1,001 on`.
    [[nodiscard]] std::vector<std::string> sentences() const;
    /// Empty text for an empty difference; `fromJson` reads it back, anything else is empty.
    [[nodiscard]] std::string toJson() const;
    [[nodiscard]] static SchemaDifference fromJson(std::string_view json);
};

/// Watches the rows of one run for drift.
/// Threads: one thread at a time.
class SchemaWatch
{
public:
    /// A column that was there is gone when so many rows in a row do not name it, or all of a later
    /// run's.
    static constexpr std::int64_t kGoneAfterRows = 10'000;

    /// `before` has the dataset's columns, `rows` of them so far.
    SchemaWatch(columnar::SchemaPtr before, RowCount rows);
    void note(const columnar::RecordBatch &batch);
    [[nodiscard]] SchemaDifference difference(const columnar::Schema &after) const;

private:
    struct Seen
    {
        std::int64_t first = 0;
        std::int64_t last = 0;
    };

    columnar::SchemaPtr m_before; ///< null until there is something to compare with
    std::int64_t m_firstRow;
    std::int64_t m_rows;
    std::map<std::string, Seen, std::less<>> m_seen; ///< rows of this run that name a column
};

} // namespace freshet::store
