// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure.h"

#include "theme/theme.h"

#include <QPainter>

#include <cmath>

namespace freshet::ui {

namespace {

qreal widthOf(const GlyphText &text, const QString &words)
{
    return GlyphText::isPlain(words) ? text.tabularWidth(words) : text.width(words);
}

void draw(QPainter &painter, const GlyphText &text, qreal y, const QString &words)
{
    painter.setFont(text.font());
    if (GlyphText::isPlain(words))
        text.drawTabular(painter, 0, y + text.ascent(), words);
    else
        painter.drawText(QPointF(0, y + text.ascent()), words);
}

} // namespace

Figure::Figure(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    updateFonts();
    connect(&theme, &Theme::changed, this, &Figure::updateFonts);
}

void Figure::updateFonts()
{
    m_large = GlyphText(m_theme.figureFont());
    m_small = GlyphText(m_theme.smallFont());
    shrink();
}

void Figure::setTexts(const QString &figure, const QString &meaning)
{
    if (figure == m_figure && meaning == m_meaning)
        return;
    m_figure = figure;
    m_meaning = meaning;
    setAccessibleName(figure + QStringLiteral(", ") + meaning);
    if (const int needed = neededWidth(); needed > m_width) {
        m_width = needed;
        updateGeometry();
    }
    update();
}

void Figure::shrink()
{
    m_width = neededWidth();
    updateGeometry();
    update();
}

int Figure::neededWidth() const
{
    return static_cast<int>(
        std::ceil(std::max(widthOf(m_large, m_figure), widthOf(m_small, m_meaning)) + 1));
}

QSize Figure::sizeHint() const
{
    return {m_width,
            static_cast<int>(std::ceil(m_large.height() + m_small.height())) + m_theme.px(3)};
}

QSize Figure::minimumSizeHint() const
{
    return sizeHint();
}

void Figure::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(m_theme.tokens().text);
    draw(painter, m_large, 0, m_figure);
    painter.setPen(m_theme.tokens().dimText);
    draw(painter, m_small, m_large.height() + m_theme.px(3), m_meaning);
}

} // namespace freshet::ui
