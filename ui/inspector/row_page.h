// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_source.h"
#include "grid/grid_style.h"
#include "inspector/row_model.h"

#include <QThreadPool>
#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QTreeView;

namespace freshet::ui {

/// The inspector's page for one row: every column with its value.
/// Threads: GUI thread only; the destructor waits for the read that may be going on.
class RowPage final : public QWidget
{
    Q_OBJECT

public:
    explicit RowPage(QWidget *parent = nullptr);
    ~RowPage() override;

    void setCell(GridSourcePtr source, std::optional<CellIndex> cell);
    void setStyle(const GridStyle &style);
    using QWidget::setStyle;

Q_SIGNALS:
    void columnPicked(int column);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void showRow();
    void copyRow();

    GridSourcePtr m_source;
    std::optional<CellIndex> m_cell;
    RowModel m_model;
    QThreadPool m_worker;
    QLabel *m_title;
    QPushButton *m_copy;
    QTreeView *m_form;
};

} // namespace freshet::ui
