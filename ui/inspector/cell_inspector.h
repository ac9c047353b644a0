// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_source.h"
#include "grid/grid_style.h"

#include <QWidget>

#include <optional>

class QButtonGroup;
class QStackedWidget;

namespace freshet::ui {

class CellPage;
class RowPage;

/// The panel at the right of the grid: the current cell in full, or its row as a form.
/// \code
///   connect(grid, &DatasetGrid::currentCellChanged, inspector,
///           [=](auto cell) { inspector->setCell(grid->source(), cell); });
/// \endcode
/// Reads through the grid's source, never on the GUI thread. Threads: GUI thread only.
class CellInspector final : public QWidget
{
    Q_OBJECT

public:
    enum class Page { Cell, Row };

    explicit CellInspector(QWidget *parent = nullptr);

    void setCell(const GridSourcePtr &source, std::optional<CellIndex> cell);
    void setStyle(const GridStyle &style);
    using QWidget::setStyle;
    void setPage(Page page);

Q_SIGNALS:
    void closeRequested();
    /// A column of the row was picked: make it the grid's current one.
    void columnPicked(int column);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    GridStyle m_style;
    QButtonGroup *m_tabs;
    QStackedWidget *m_stack;
    CellPage *m_cellPage;
    RowPage *m_rowPage;
};

} // namespace freshet::ui
