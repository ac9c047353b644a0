// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/strong_types.h"
#include "columnar/record_batch.h"
#include "columnar/schema.h"

#include <memory>
#include <optional>

namespace freshet::ui {

/// Rows [first, end).
struct RowRange
{
    RowIndex first;
    RowIndex end;

    bool operator==(const RowRange &) const = default;
    [[nodiscard]] RowCount count() const { return end - first; }
    [[nodiscard]] bool isEmpty() const { return end <= first; }
    [[nodiscard]] bool contains(RowIndex row) const { return row >= first && row < end; }
};

/// One cell by its row and its column's number in the schema (not its place on the screen).
struct CellIndex
{
    RowIndex row;
    int column = 0;

    bool operator==(const CellIndex &) const = default;
};

/// One column over some neighbouring rows: value i of `column` belongs to row `first + i`.
struct CellRun
{
    RowIndex first;
    columnar::Column column;

    [[nodiscard]] RowRange rows() const { return {first, first + RowCount(column.length)}; }
};

/// The table a grid shows, at one moment. A table that grows is shown by giving the grid one source
/// after another, each holding all rows of the one before, unchanged but for the types of columns,
/// which may widen, and for new columns, which come last.
///
/// Threads: thread-safe, immutable. Lifetime: shared between the grid and its worker.
class GridSource
{
public:
    virtual ~GridSource() = default;

    [[nodiscard]] virtual const columnar::SchemaPtr &schema() const = 0;
    [[nodiscard]] virtual RowCount rowCount() const = 0;

    /// The rows around `row` that one `load` brings. `row` lies in [0, rowCount()).
    [[nodiscard]] virtual RowRange runAround(RowIndex row) const = 0;
    /// The run around `row` if it is in memory: never waits for the disk, nor decompresses.
    [[nodiscard]] virtual std::optional<CellRun> peek(RowIndex row, int column) const = 0;
    /// The run around `row`. May read the disk: not for the GUI thread.
    [[nodiscard]] virtual Result<CellRun> load(RowIndex row, int column) const = 0;
};

using GridSourcePtr = std::shared_ptr<const GridSource>;

} // namespace freshet::ui
