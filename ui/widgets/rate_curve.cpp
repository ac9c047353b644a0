// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/rate_curve.h"

#include "theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace freshet::ui {

RateCurve::RateCurve(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setAccessibleName(tr("Rate of rows over time"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void RateCurve::addSample(double rate)
{
    m_samples.push_back(rate);
    if (m_samples.size() > kMaxSamples)
        m_samples.pop_front();
    update();
}

void RateCurve::clear()
{
    m_samples.clear();
    update();
}

QSize RateCurve::sizeHint() const
{
    return {m_theme.px(110), m_theme.px(26)};
}

void RateCurve::paintEvent(QPaintEvent *)
{
    if (m_samples.size() < 2)
        return;
    const double highest = std::max(1.0, *std::ranges::max_element(m_samples));
    const QRectF area = QRectF(rect()).adjusted(1, 2, -1, -2);
    // A young curve is spread over the whole width, so that it has a shape from the start.
    const double step = area.width() / static_cast<double>(m_samples.size() - 1);
    QPolygonF points;
    points.reserve(static_cast<qsizetype>(m_samples.size()));
    for (std::size_t i = 0; i < m_samples.size(); ++i)
        points << QPointF(area.left() + step * static_cast<double>(i),
                          area.bottom() - area.height() * m_samples[i] / highest);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(
        QPen(m_theme.tokens().accent, m_theme.px(1.5), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(points);
}

} // namespace freshet::ui
