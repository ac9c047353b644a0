// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QChartView>

namespace freshet::ui {

class ArrivalChart;

/// Takes pointer and keys for an ArrivalChart, which does what they ask.
class ArrivalChartView : public QChartView
{
    Q_OBJECT
public:
    ArrivalChartView(ArrivalChart &owner, QChart *chart);

protected:
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    ArrivalChart &m_owner;
    QPoint m_pressedAt;
};

} // namespace freshet::ui
