// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/glyph_text.h"

#include <QList>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace freshet::ui {

namespace {

constexpr QChar kEllipsis(0x2026);

} // namespace

GlyphText::GlyphText(const QFont &font)
    : m_font(font), m_metrics(font), m_rawFont(QRawFont::fromFont(font))
{
    for (char16_t character = kFirst; character <= kLast; ++character)
        m_advances[character - kFirst] = m_metrics.horizontalAdvance(QChar(character));
    m_tabular = m_advances;
    const auto digits = m_advances.begin() + (u'0' - kFirst);
    const qreal widest = *std::max_element(digits, digits + 10);
    for (char16_t digit = u'0'; digit <= u'9'; ++digit) {
        const std::size_t at = digit - kFirst;
        m_shifts[at] = (widest - m_advances[at]) / 2;
        m_tabular[at] = widest;
    }
    m_ellipsis = m_metrics.horizontalAdvance(kEllipsis);
    m_narrowest = std::max(1.0, *std::min_element(m_advances.begin(), m_advances.end()));

    QString all(kEllipsis);
    for (char16_t character = kFirst; character <= kLast; ++character)
        all += QChar(character);
    const QList<quint32> glyphs = m_rawFont.glyphIndexesForString(all);
    if (glyphs.size() == static_cast<qsizetype>(m_glyphs.size()) + 1) {
        m_ellipsisGlyph = glyphs.front();
        std::copy(glyphs.begin() + 1, glyphs.end(), m_glyphs.begin());
    }
}

bool GlyphText::isPlain(QStringView text)
{
    return std::all_of(text.begin(), text.end(), [](QChar character) {
        return character.unicode() >= kFirst && character.unicode() <= kLast;
    });
}

qreal GlyphText::sum(const Advances &advances, QStringView plain)
{
    qreal width = 0;
    for (const QChar character : plain)
        width += advances[character.unicode() - kFirst];
    return width;
}

qreal GlyphText::width(QStringView text) const
{
    return isPlain(text) ? sum(m_advances, text) : m_metrics.horizontalAdvance(text.toString());
}

qreal GlyphText::tabularWidth(QStringView plain) const
{
    return sum(m_tabular, plain);
}

QString GlyphText::cut(const QString &plain, qreal width, const Advances &advances) const
{
    if (sum(advances, plain) <= width)
        return plain;
    qreal room = width - m_ellipsis;
    qsizetype count = 0;
    while (count < plain.size()) {
        room -= advances[plain.at(count).unicode() - kFirst];
        if (room < 0)
            break;
        ++count;
    }
    return plain.left(count) + kEllipsis;
}

QString GlyphText::elided(const QString &text, qreal width) const
{
    // No more characters than could ever fit are looked at, combining ones granted.
    const auto most = static_cast<qsizetype>(std::max(0.0, width) / m_narrowest * 2) + 8;
    if (isPlain(QStringView(text).left(most)))
        return cut(text.size() > most ? text.left(most) : text, width, m_advances);
    return m_metrics.elidedText(text.left(most), Qt::ElideRight, width);
}

QString GlyphText::elidedTabular(const QString &plain, qreal width) const
{
    return cut(plain, width, m_tabular);
}

void GlyphText::drawTabular(QPainter &painter, qreal x, qreal baseline, QStringView plain) const
{
    QList<quint32> glyphs;
    QList<QPointF> positions;
    glyphs.reserve(plain.size());
    positions.reserve(plain.size());
    qreal pen = 0;
    for (const QChar character : plain) {
        if (character == kEllipsis) {
            glyphs.append(m_ellipsisGlyph);
            positions.append(QPointF(pen, 0));
            pen += m_ellipsis;
            continue;
        }
        const std::size_t at = character.unicode() - kFirst;
        glyphs.append(m_glyphs[at]);
        positions.append(QPointF(pen + m_shifts[at], 0));
        pen += m_tabular[at];
    }
    QGlyphRun run;
    run.setRawFont(m_rawFont);
    run.setGlyphIndexes(glyphs);
    run.setPositions(positions);
    painter.drawGlyphRun(QPointF(x, baseline), run);
}

} // namespace freshet::ui
