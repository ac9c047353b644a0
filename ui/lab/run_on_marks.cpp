// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/run_on_marks.h"

#include <QChart>
#include <QPainter>

namespace freshet::ui {

RunOnMarks::RunOnMarks(QChart &chart) : QGraphicsItem(&chart), m_chart(chart)
{
    setZValue(1000); // over all that the chart draws
    setAcceptedMouseButtons(Qt::NoButton);
}

void RunOnMarks::setMarks(QList<Mark> marks, qreal height)
{
    prepareGeometryChange();
    m_marks = std::move(marks);
    m_height = height;
    update();
}

QRectF RunOnMarks::boundingRect() const
{
    return {QPointF(), m_chart.size()};
}

void RunOnMarks::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const qreal right = m_chart.plotArea().right() + m_height / 4;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    for (const Mark &mark : std::as_const(m_marks)) {
        const qreal y = m_chart.mapToPosition({0, mark.rows}).y();
        const QPointF arrow[] = {
            {right, y - m_height / 2}, {right + m_height * 3 / 4, y}, {right, y + m_height / 2}};
        painter->setBrush(mark.color);
        painter->drawConvexPolygon(arrow, 3);
    }
}

} // namespace freshet::ui
