// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_source.h"

#include <QSemaphore>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace freshet::test {

/// What a grid asked of its source, and how slow the source is.
struct SourceProbe
{
    std::atomic<int> peeks{0};
    std::atomic<int> loads{0};
    /// If set, each `load` waits for a permit; `peek` has nothing.
    std::unique_ptr<QSemaphore> gate;
    /// If set, `load` fails for this column.
    std::atomic<int> brokenColumn{-1};
};

/// A table whose values are worked out when they are asked for: any number of rows, no memory.
class TableSource final : public ui::GridSource
{
public:
    /// Makes column `column` of rows [first, first + count).
    using Maker =
        std::function<columnar::Column(int column, std::int64_t first, std::int64_t count)>;

    TableSource(columnar::SchemaPtr schema, std::int64_t rows, Maker maker,
                std::shared_ptr<SourceProbe> probe, std::int64_t runRows = 1'000);

    [[nodiscard]] const columnar::SchemaPtr &schema() const override { return m_schema; }
    [[nodiscard]] RowCount rowCount() const override { return RowCount(m_rows); }
    [[nodiscard]] ui::RowRange runAround(RowIndex row) const override;
    [[nodiscard]] std::optional<ui::CellRun> peek(RowIndex row, int column) const override;
    [[nodiscard]] Result<ui::CellRun> load(RowIndex row, int column) const override;

private:
    [[nodiscard]] ui::CellRun make(RowIndex row, int column) const;

    columnar::SchemaPtr m_schema;
    std::int64_t m_rows;
    Maker m_maker;
    std::shared_ptr<SourceProbe> m_probe;
    std::int64_t m_runRows;
};

/// A small table from columns that are there already.
[[nodiscard]] ui::GridSourcePtr
tableOf(std::vector<std::pair<std::string, columnar::Column>> columns);

/// Users as in the demo: id beyond 2^53, name, email, exact balance, active, created_at, country,
/// tags (json) and a note that is long, empty, null or missing now and then.
[[nodiscard]] ui::GridSourcePtr usersTable(std::int64_t rows,
                                           std::shared_ptr<SourceProbe> probe = nullptr);

} // namespace freshet::test
