// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/arrival_chart_view.h"

#include "lab/arrival_chart.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace freshet::ui {

namespace {

constexpr double kKeyZoom = 1.5;
constexpr double kWheelZoom = 1.2; ///< for each notch of 15 degrees
constexpr int kNotch = 120;        ///< in eighths of a degree
constexpr qreal kLeastSpan = 8;    ///< pixels that a drag has to cover

} // namespace

ArrivalChartView::ArrivalChartView(ArrivalChart &owner, QChart *chart)
    : QChartView(chart), m_owner(owner)
{
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setObjectName(QStringLiteral("arrivalView"));
}

void ArrivalChartView::mousePressEvent(QMouseEvent *event)
{
    m_pressedAt = event->position().toPoint();
    event->accept();
}

void ArrivalChartView::mouseMoveEvent(QMouseEvent *event)
{
    int line = -1;
    const QString facts = m_owner.factsAt(event->position(), &line);
    m_owner.setHovered(line);
    if (facts.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPosition().toPoint(), facts, this);
    event->accept();
}

void ArrivalChartView::mouseReleaseEvent(QMouseEvent *event)
{
    const qreal from = std::min<qreal>(m_pressedAt.x(), event->position().x());
    const qreal to = std::max<qreal>(m_pressedAt.x(), event->position().x());
    if (to - from >= kLeastSpan) {
        const double first = chart()->mapToValue({from, 0}).x();
        const double last = chart()->mapToValue({to, 0}).x();
        const auto [shownFrom, shownTo] = m_owner.shownSeconds();
        // Of the two spans the wanted one is a piece: its fixed point lies at the same share of
        // both.
        const double factor = (shownTo - shownFrom) / (last - first);
        const double fixed = factor > 1 ? (first * factor - shownFrom) / (factor - 1) : first;
        m_owner.zoom(factor, fixed);
    } else if ((event->position().toPoint() - m_pressedAt).manhattanLength() <
               QApplication::startDragDistance()) {
        int line = -1;
        (void)m_owner.factsAt(event->position(), &line);
        if (line >= 0)
            Q_EMIT m_owner.lineClicked(line);
    }
    event->accept();
}

void ArrivalChartView::mouseDoubleClickEvent(QMouseEvent *event)
{
    m_owner.stepBack();
    event->accept();
}

void ArrivalChartView::leaveEvent(QEvent *event)
{
    m_owner.setHovered(-1);
    QChartView::leaveEvent(event);
}

void ArrivalChartView::wheelEvent(QWheelEvent *event)
{
    const double notches = static_cast<double>(event->angleDelta().y()) / kNotch;
    m_owner.zoom(std::pow(kWheelZoom, notches), chart()->mapToValue(event->position()).x());
    event->accept();
}

void ArrivalChartView::keyPressEvent(QKeyEvent *event)
{
    const auto [from, to] = m_owner.shownSeconds();
    switch (event->key()) {
    case Qt::Key_Plus:
        m_owner.zoom(kKeyZoom, (from + to) / 2);
        break;
    case Qt::Key_Minus:
        m_owner.zoom(1 / kKeyZoom, (from + to) / 2);
        break;
    case Qt::Key_0:
        m_owner.stepBack();
        break;
    default:
        QChartView::keyPressEvent(event);
    }
}

} // namespace freshet::ui
