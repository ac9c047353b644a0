// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/phase_bars.h"

#include "lab/series_colors.h"
#include "theme/theme.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <limits>

namespace freshet::ui {

PhaseBars::PhaseBars(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void PhaseBars::setPhases(QList<Phase> phases)
{
    if (phases == m_phases)
        return;
    m_phases = std::move(phases);
    QStringList words;
    for (const Phase &phase : std::as_const(m_phases))
        words += phase.name + QLatin1Char(' ') + phase.figure;
    setAccessibleName(words.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

int PhaseBars::lineHeight() const
{
    return QFontMetrics(m_theme.smallFont()).height() + m_theme.px(6);
}

int PhaseBars::nameWidth() const
{
    const QFontMetrics metrics(m_theme.smallFont());
    int width = 0;
    for (const Phase &phase : m_phases)
        width = std::max(width, metrics.horizontalAdvance(phase.name));
    return width + m_theme.px(14);
}

QSize PhaseBars::sizeHint() const
{
    return {nameWidth() + m_theme.px(150), lineHeight() * static_cast<int>(m_phases.size())};
}

QSize PhaseBars::minimumSizeHint() const
{
    return {nameWidth() + m_theme.px(90), sizeHint().height()};
}

QColor PhaseBars::colorOf(Phase::Tone tone) const
{
    switch (tone) {
    case Phase::Tone::Calm:
        return m_theme.tokens().faint;
    case Phase::Tone::Wait:
        return seriesColor(1, m_theme.scheme());
    case Phase::Tone::Receive:
        return m_theme.tokens().accent;
    case Phase::Tone::HeldBack:
        return seriesColor(2, m_theme.scheme());
    }
    return {};
}

void PhaseBars::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(m_theme.smallFont());
    const QFontMetrics metrics = painter.fontMetrics();
    const int left = nameWidth();
    const int gap = m_theme.px(6);
    // One scale for all, as large as leaves each figure its place behind its bar.
    double pixelsPerSecond = std::numeric_limits<double>::max();
    for (const Phase &phase : std::as_const(m_phases)) {
        const int room = width() - left - gap - metrics.horizontalAdvance(phase.figure);
        if (phase.seconds > 0)
            pixelsPerSecond =
                std::min(pixelsPerSecond, std::max(m_theme.px(8), room) / phase.seconds);
    }
    const int height = m_theme.px(10);
    int top = 0;
    for (const Phase &phase : std::as_const(m_phases)) {
        const QRect line(0, top, width(), lineHeight());
        painter.setPen(m_theme.tokens().dimText);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, phase.name);
        const int bar = phase.seconds > 0
                            ? std::max(m_theme.px(2), qRound(phase.seconds * pixelsPerSecond))
                            : 0;
        painter.fillRect(left, line.center().y() - height / 2, bar, height, colorOf(phase.tone));
        painter.drawText(line.adjusted(left + bar + gap, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         phase.figure);
        top += lineHeight();
    }
}

} // namespace freshet::ui
