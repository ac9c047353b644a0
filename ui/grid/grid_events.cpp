// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_header.h"
#include "grid/grid_view.h"
#include "grid/header_model.h"
#include "text/mnemonic.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTimerEvent>
#include <QWheelEvent>

#include <algorithm>

namespace freshet::ui {

namespace {

constexpr int kAutoScrollMs = 25;

GridSelection::Mode modeOf(Qt::KeyboardModifiers modifiers)
{
    if (modifiers.testFlag(Qt::ShiftModifier))
        return GridSelection::Mode::Extend;
    if (modifiers.testFlag(Qt::ControlModifier))
        return GridSelection::Mode::Add;
    return GridSelection::Mode::Replace;
}

} // namespace

void DatasetGrid::keyPressEvent(QKeyEvent *event)
{
    const GridKey key = gridKey(*event);
    event->setAccepted((key.move || key.command) && !isEmpty());
    if (!event->isAccepted())
        return;
    if (key.command)
        runCommand(*key.command);
    else
        moveCurrent(*key.move, key.mode);
}

void DatasetGrid::moveCurrent(GridMove move, GridSelection::Mode mode)
{
    const std::int64_t rows = m_axis.rowCount().value();
    GridPlace to{m_axis.visibleRows().first.value(), 0};
    if (m_selection.current() || move == GridMove::FirstCell || move == GridMove::LastCell) {
        to = moved(m_selection.current().value_or(GridPlace{}), move, rows, m_columns->shownCount(),
                   m_axis.pageRows().value());
    }
    m_selection.select(to, mode);
    revealCurrent();
    if (move == GridMove::LastCell)
        setFollowTail(true);
    selectionTouched();
}

void DatasetGrid::runCommand(GridCommand command)
{
    switch (command) {
    case GridCommand::SelectAll:
        selectAll();
        return;
    case GridCommand::SelectRows:
        m_selection.widenToRows();
        break;
    case GridCommand::SelectColumns:
        m_selection.widenToColumns();
        break;
    case GridCommand::Copy:
        copySelection();
        return;
    case GridCommand::Activate:
        if (const std::optional<CellIndex> cell = currentCell())
            Q_EMIT cellActivated(*cell);
        return;
    }
    selectionTouched();
}

void DatasetGrid::wheelEvent(QWheelEvent *event)
{
    // Ctrl with the wheel is the window's: it changes the font size.
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        event->ignore();
        return;
    }
    constexpr int kNotch = QWheelEvent::DefaultDeltasPerStep;
    QPoint pixels = event->pixelDelta();
    if (pixels.isNull()) {
        const int step = QApplication::wheelScrollLines();
        pixels = {event->angleDelta().x() * step * m_painter.px(24) / kNotch,
                  event->angleDelta().y() * step * m_axis.rowHeight() / kNotch};
    }
    if (event->modifiers().testFlag(Qt::ShiftModifier))
        pixels = pixels.transposed();
    if (pixels.x() != 0)
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - pixels.x());
    scrollRows(-pixels.y());
    event->accept();
}

bool DatasetGrid::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == verticalScrollBar() && event->type() == QEvent::Wheel) {
        wheelEvent(static_cast<QWheelEvent *>(event));
        return true;
    }
    return QAbstractScrollArea::eventFilter(watched, event);
}

std::optional<GridPlace> DatasetGrid::placeAt(QPoint position) const
{
    const std::optional<RowIndex> row = m_axis.rowAt(position.y());
    const int x = position.x() - m_numberWidth;
    if (!row || isEmpty())
        return std::nullopt;
    if (x >= 0 && x + m_header->offset() >= m_header->length())
        return std::nullopt;
    return GridPlace{row->value(), m_columns->nearestPlace(std::max(0, x)).value_or(0)};
}

void DatasetGrid::mousePressEvent(QMouseEvent *event)
{
    const std::optional<GridPlace> place = placeAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || !place)
        return;
    const GridSelection::Mode mode = modeOf(event->modifiers());
    if (event->position().x() < m_numberWidth) {
        const int column = m_selection.current() ? m_selection.current()->column : 0;
        m_selection.selectRow({place->row, column}, mode);
        m_drag = Drag::Rows;
    } else {
        m_selection.select(*place, mode);
        m_drag = Drag::Cells;
    }
    revealCurrent();
    selectionTouched();
}

void DatasetGrid::mouseMoveEvent(QMouseEvent *event)
{
    if (m_drag == Drag::None)
        return;
    m_dragPosition = event->position().toPoint();
    dragTo(m_dragPosition);
    const QRect inside = viewport()->rect().adjusted(m_numberWidth, 0, 0, 0);
    const bool isOutside = m_dragPosition.y() < 0 || m_dragPosition.y() >= inside.height() ||
                           (m_drag == Drag::Cells && (m_dragPosition.x() < inside.left() ||
                                                      m_dragPosition.x() > inside.right()));
    if (isOutside && !m_autoScroll.isActive())
        m_autoScroll.start(kAutoScrollMs, this);
    else if (!isOutside)
        m_autoScroll.stop();
}

void DatasetGrid::dragTo(QPoint position)
{
    const std::optional<RowIndex> row = m_axis.nearestRow(position.y());
    const std::optional<int> column =
        m_columns->nearestPlace(std::clamp(position.x() - m_numberWidth, 0, m_header->width()));
    if (!row || !column || !m_selection.current())
        return;
    const GridPlace to{row->value(),
                       m_drag == Drag::Rows ? m_selection.current()->column : *column};
    if (to == m_selection.current())
        return;
    m_selection.select(to, GridSelection::Mode::Extend);
    selectionTouched();
}

void DatasetGrid::mouseReleaseEvent(QMouseEvent *)
{
    m_drag = Drag::None;
    m_autoScroll.stop();
}

// The further the mouse is outside, the faster the view goes.
void DatasetGrid::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_autoScroll.timerId()) {
        QAbstractScrollArea::timerEvent(event);
        return;
    }
    const QRect inside = viewport()->rect().adjusted(m_numberWidth, 0, 0, 0);
    const auto beyond = [](int value, int low, int high) {
        return value < low ? value - low : std::max(0, value - high);
    };
    const int dx = beyond(m_dragPosition.x(), inside.left(), inside.right());
    const int dy = beyond(m_dragPosition.y(), inside.top(), inside.bottom());
    if (dx != 0 && m_drag == Drag::Cells)
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + dx);
    scrollRows(dy);
    dragTo(m_dragPosition);
}

void DatasetGrid::mouseDoubleClickEvent(QMouseEvent *event)
{
    const std::optional<GridPlace> place = placeAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && place && event->position().x() >= m_numberWidth)
        Q_EMIT cellActivated({RowIndex(place->row), m_columns->columnAt(place->column)});
}

void DatasetGrid::pressColumn(int column)
{
    const std::optional<int> place = m_columns->placeOf(column);
    if (!place || isEmpty() || QApplication::mouseButtons().testFlag(Qt::RightButton))
        return;
    setFocus(Qt::MouseFocusReason);
    const std::int64_t row =
        m_selection.current() ? m_selection.current()->row : m_axis.visibleRows().first.value();
    m_selection.selectColumn({row, *place}, modeOf(QApplication::keyboardModifiers()));
    selectionTouched();
}

void DatasetGrid::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Mouse) {
        const std::optional<GridPlace> place =
            placeAt(viewport()->mapFromGlobal(event->globalPos()));
        if (place && !m_selection.contains(*place)) {
            m_selection.select(*place, GridSelection::Mode::Replace);
            selectionTouched();
        }
    }
    if (m_selection.rects().empty())
        return;
    QMenu menu(this);
    menu.addAction(tr("Copy"), QKeySequence::Copy, this, [this] { copySelection(); });
    menu.addAction(tr("Copy with column names"), this, [this] {
        copySelection({CopyFormat::Tsv, true});
    });
    menu.addAction(tr("Copy as CSV"), this, [this] { copySelection({CopyFormat::Csv, true}); });
    menu.addAction(tr("Copy as JSON"), this, [this] { copySelection({CopyFormat::Json, true}); });
    Q_EMIT cellMenuAboutToShow(&menu);
    menu.exec(event->globalPos());
}

void DatasetGrid::showColumnMenu(int column, QPoint globalPosition)
{
    QMenu menu(this);
    if (column >= 0) {
        const QString name = QString::fromStdString(m_headerModel->field(column).name);
        menu.addAction(tr("Fit width"), this, [this, column] { fitColumn(column); });
        QAction *hide =
            menu.addAction(tr("Hide"), this, [this, column] { setColumnHidden(column, true); });
        hide->setEnabled(m_columns->shownCount() > 1);
        menu.addAction(tr("Copy name"), this, [name] { QApplication::clipboard()->setText(name); });
    }
    QMenu *hidden = menu.addMenu(tr("Show hidden column"));
    constexpr int kListed = 100;
    for (int i = 0; i < m_headerModel->columnCount() && hidden->actions().size() < kListed; ++i) {
        if (m_columns->isHidden(i)) {
            const QString name = QString::fromStdString(m_headerModel->field(i).name);
            hidden->addAction(withoutMnemonics(name), this,
                              [this, i] { setColumnHidden(i, false); });
        }
    }
    hidden->setEnabled(!hidden->isEmpty());
    menu.addAction(tr("Show all columns"), this,
                   [this] {
                       for (int i = 0; i < m_headerModel->columnCount(); ++i)
                           setColumnHidden(i, false);
                   })
        ->setEnabled(!hidden->isEmpty());
    Q_EMIT columnMenuAboutToShow(&menu, column);
    menu.exec(globalPosition);
}

void DatasetGrid::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateLayout();
    if (m_followsTail && m_axis.scrollToEnd())
        updateScrollBars();
    settleWidths();
}

void DatasetGrid::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateFont();
}

void DatasetGrid::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    if (!m_selection.current() && !isEmpty()) {
        m_selection.select({m_axis.visibleRows().first.value(), 0}, GridSelection::Mode::Replace);
        selectionTouched();
    }
    viewport()->update();
}

void DatasetGrid::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace freshet::ui
