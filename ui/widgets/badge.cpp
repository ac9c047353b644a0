// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/badge.h"

#include "text/dataset_text.h"
#include "theme/theme.h"

#include <QPainter>

namespace freshet::ui {

namespace {

QColor tintOf(Mark mark, const Tokens &tokens)
{
    switch (mark) {
    case Mark::Verified:
        return tokens.verifiedTint;
    case Mark::Incomplete:
    case Mark::Waiting:
        return tokens.warningTint;
    case Mark::Failed:
        return tokens.failedTint;
    case Mark::Running:
    case Mark::Paused:
    case Mark::Queued:
    case Mark::Ended:
        break;
    }
    return tokens.raised;
}

} // namespace

Badge::Badge(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, &Badge::updateFont);
    updateFont();
}

void Badge::updateFont()
{
    QFont bold = m_theme.textFont();
    bold.setWeight(QFont::DemiBold);
    setFont(bold);
    updateGeometry();
    update();
}

void Badge::setMark(Mark mark)
{
    m_mark = mark;
    setAccessibleName(tr("State: %1").arg(markWord(mark)));
    updateGeometry();
    update();
}

QString Badge::word() const
{
    return m_mark ? badgeText(*m_mark) : QString();
}

QSize Badge::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(word()) + m_theme.px(14 + 6 + 2 * 9),
            fontMetrics().height() + m_theme.px(8)};
}

void Badge::paintEvent(QPaintEvent *)
{
    if (!m_mark)
        return;
    const Tokens &tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tintOf(*m_mark, tokens));
    painter.drawRoundedRect(rect(), m_theme.px(6), m_theme.px(6));
    const int size = m_theme.px(14);
    painter.drawPixmap(m_theme.px(9), (height() - size) / 2,
                       markPixmap(*m_mark, m_theme, size, devicePixelRatioF()));
    painter.setPen(markColor(*m_mark, m_theme));
    painter.drawText(rect().adjusted(m_theme.px(9) + size + m_theme.px(6), 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter, word());
}

} // namespace freshet::ui
