// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "grid/display_cell.h"
#include "grid/grid_source.h"
#include "grid/grid_style.h"

#include <QAbstractTableModel>
#include <QThreadPool>

#include <optional>
#include <vector>

namespace freshet::ui {

/// One row of a table as a form: a line for each column, with its name and value.
///
/// Policy: values in memory are there at once, the others are read by one worker, column by column;
/// showing another row ends the reading. Threads: GUI thread only; the destructor waits for the one
/// read that may be going on.
class RowModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, ValueText, ColumnCount };

    explicit RowModel(QObject *parent = nullptr);
    ~RowModel() override;

    void setRow(GridSourcePtr source, std::optional<RowIndex> row);
    void setStyle(const GridStyle &style);
    [[nodiscard]] bool isComplete() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    void read(std::vector<int> columns);
    void take(std::uint64_t epoch, int column, const DisplayCell &cell);
    [[nodiscard]] QString valueText(const DisplayCell &cell) const;
    [[nodiscard]] QColor colourOf(const DisplayCell &cell) const;

    GridSourcePtr m_source;
    std::optional<RowIndex> m_row;
    std::vector<DisplayCell> m_cells;
    GridStyle m_style;
    std::uint64_t m_epoch = 0;
    CancelToken m_reading;
    QThreadPool m_worker;
};

} // namespace freshet::ui
