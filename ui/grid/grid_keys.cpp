// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_keys.h"

#include <QKeyEvent>

#include <algorithm>

namespace freshet::ui {

namespace {

std::optional<GridMove> moveOf(int key, bool withCtrl)
{
    switch (key) {
    case Qt::Key_Up:
        return withCtrl ? GridMove::FirstRow : GridMove::Up;
    case Qt::Key_Down:
        return withCtrl ? GridMove::LastRow : GridMove::Down;
    case Qt::Key_Left:
        return withCtrl ? GridMove::RowStart : GridMove::Left;
    case Qt::Key_Right:
        return withCtrl ? GridMove::RowEnd : GridMove::Right;
    case Qt::Key_Home:
        return withCtrl ? GridMove::FirstCell : GridMove::RowStart;
    case Qt::Key_End:
        return withCtrl ? GridMove::LastCell : GridMove::RowEnd;
    case Qt::Key_PageUp:
        return withCtrl ? std::nullopt : std::optional(GridMove::PageUp);
    case Qt::Key_PageDown:
        return withCtrl ? std::nullopt : std::optional(GridMove::PageDown);
    default:
        return std::nullopt;
    }
}

std::optional<GridCommand> commandOf(const QKeyEvent &event, Qt::KeyboardModifiers modifiers)
{
    if (event.matches(QKeySequence::Copy))
        return GridCommand::Copy;
    if (event.matches(QKeySequence::SelectAll))
        return GridCommand::SelectAll;
    if (event.key() == Qt::Key_Space && modifiers == Qt::ControlModifier)
        return GridCommand::SelectColumns;
    if (event.key() == Qt::Key_Space && modifiers == Qt::ShiftModifier)
        return GridCommand::SelectRows;
    if ((event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter) &&
        modifiers == Qt::NoModifier)
        return GridCommand::Activate;
    return std::nullopt;
}

} // namespace

GridKey gridKey(const QKeyEvent &event)
{
    const Qt::KeyboardModifiers modifiers = event.modifiers() & ~Qt::KeypadModifier;
    GridKey result;
    result.command = commandOf(event, modifiers);
    if (result.command || modifiers.testFlag(Qt::AltModifier) ||
        modifiers.testFlag(Qt::MetaModifier))
        return result;
    result.move = moveOf(event.key(), modifiers.testFlag(Qt::ControlModifier));
    if (modifiers.testFlag(Qt::ShiftModifier))
        result.mode = GridSelection::Mode::Extend;
    return result;
}

GridPlace moved(GridPlace from, GridMove move, std::int64_t rows, int columns,
                std::int64_t pageRows)
{
    GridPlace to = from;
    switch (move) {
    case GridMove::Up:
        to.row -= 1;
        break;
    case GridMove::Down:
        to.row += 1;
        break;
    case GridMove::Left:
        to.column -= 1;
        break;
    case GridMove::Right:
        to.column += 1;
        break;
    case GridMove::PageUp:
        to.row -= pageRows;
        break;
    case GridMove::PageDown:
        to.row += pageRows;
        break;
    case GridMove::RowStart:
        to.column = 0;
        break;
    case GridMove::RowEnd:
        to.column = columns - 1;
        break;
    case GridMove::FirstRow:
        to.row = 0;
        break;
    case GridMove::LastRow:
        to.row = rows - 1;
        break;
    case GridMove::FirstCell:
        to = {0, 0};
        break;
    case GridMove::LastCell:
        to = {rows - 1, columns - 1};
        break;
    }
    to.row = std::clamp(to.row, std::int64_t{0}, rows - 1);
    to.column = std::clamp(to.column, 0, columns - 1);
    return to;
}

} // namespace freshet::ui
