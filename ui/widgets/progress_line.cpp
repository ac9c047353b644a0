// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/progress_line.h"

#include "theme/theme.h"

#include <QPainter>
#include <QTimer>

#include <cmath>

namespace freshet::ui {

namespace {

constexpr int kFrameMs = 33;
constexpr double kPieceWidth = 0.25;

} // namespace

ProgressLine::ProgressLine(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_wander(new QTimer(this))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Progress of the download"));
    m_wander->setInterval(kFrameMs);
    connect(m_wander, &QTimer::timeout, this, [this] {
        m_place = std::fmod(m_place + 0.02, 1.0 + kPieceWidth);
        update();
    });
}

void ProgressLine::setRunning(bool isRunning)
{
    m_isRunning = isRunning;
    updateWandering();
}

void ProgressLine::setHeld(bool isHeld)
{
    m_isHeld = isHeld;
    updateWandering();
}

void ProgressLine::setFraction(std::optional<double> fraction)
{
    m_fraction = fraction;
    setAccessibleDescription(fraction ? tr("%1 %").arg(static_cast<int>(*fraction * 100))
                                      : QString());
    updateWandering();
}

void ProgressLine::updateWandering()
{
    const bool wanders = m_isRunning && !m_isHeld && !m_fraction;
    if (wanders && !m_wander->isActive())
        m_wander->start();
    else if (!wanders)
        m_wander->stop();
    update();
}

QSize ProgressLine::sizeHint() const
{
    return {0, m_theme.px(3)};
}

void ProgressLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = m_theme.tokens();
    if (!m_isRunning) {
        painter.fillRect(rect(), tokens.panel);
        painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
        return;
    }
    painter.fillRect(rect(), tokens.line);
    const double from = m_fraction ? 0 : m_place - kPieceWidth;
    const double share = m_fraction.value_or(kPieceWidth);
    painter.fillRect(QRectF(from * width(), 0, share * width(), height()),
                     m_isHeld ? tokens.faint : tokens.accent);
}

} // namespace freshet::ui
