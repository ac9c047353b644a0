// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_source.h"

namespace freshet::ui {

/// The first rows of another table, and nothing behind them.
class FirstRows final : public GridSource
{
public:
    FirstRows(GridSourcePtr source, RowCount most) : m_source(std::move(source)), m_most(most) {}

    [[nodiscard]] const columnar::SchemaPtr &schema() const override { return m_source->schema(); }
    [[nodiscard]] RowCount rowCount() const override;
    [[nodiscard]] RowRange runAround(RowIndex row) const override;
    [[nodiscard]] std::optional<CellRun> peek(RowIndex row, int column) const override;
    [[nodiscard]] Result<CellRun> load(RowIndex row, int column) const override;

private:
    [[nodiscard]] CellRun cut(CellRun run) const;

    GridSourcePtr m_source;
    RowCount m_most;
};

} // namespace freshet::ui
