// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_source.h"
#include "store/dataset.h"

namespace freshet::ui {

/// Shows a dataset's snapshot: its committed batches and its live tail alike.
class DatasetSource final : public GridSource
{
public:
    explicit DatasetSource(store::DatasetSnapshot snapshot);

    [[nodiscard]] const store::DatasetSnapshot &snapshot() const { return m_snapshot; }
    [[nodiscard]] const columnar::SchemaPtr &schema() const override;
    [[nodiscard]] RowCount rowCount() const override;
    [[nodiscard]] RowRange runAround(RowIndex row) const override;
    [[nodiscard]] std::optional<CellRun> peek(RowIndex row, int column) const override;
    [[nodiscard]] Result<CellRun> load(RowIndex row, int column) const override;

private:
    store::DatasetSnapshot m_snapshot;
};

} // namespace freshet::ui
