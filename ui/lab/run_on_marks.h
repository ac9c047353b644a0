// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QGraphicsItem>
#include <QList>

QT_BEGIN_NAMESPACE
class QChart;
QT_END_NAMESPACE

namespace freshet::ui {

/// Arrows at the right edge of a chart's plot, where lines run out of the picture.
/// Threads: GUI thread only. Lifetime: a child of the chart.
class RunOnMarks : public QGraphicsItem
{
public:
    struct Mark
    {
        double rows = 0; ///< that the line has where it leaves
        QColor color;
    };

    explicit RunOnMarks(QChart &chart);

    /// `height`: of an arrow, in pixels. Later marks lie over earlier ones.
    void setMarks(QList<Mark> marks, qreal height);

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QChart &m_chart;
    QList<Mark> m_marks;
    qreal m_height = 8;
};

} // namespace freshet::ui
