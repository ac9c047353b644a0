// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_corner.h"

#include <QMouseEvent>
#include <QPainter>

namespace freshet::ui {

GridCorner::GridCorner(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Select all"));
    setToolTip(tr("Select all"));
}

void GridCorner::setStyle(const GridStyle &style)
{
    m_style = style;
    update();
}

void GridCorner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_style.header);
    painter.fillRect(width() - 1, 0, 1, height(), m_style.line);
    painter.fillRect(0, height() - 1, width(), 1, m_style.line);
}

void GridCorner::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT clicked();
}

} // namespace freshet::ui
