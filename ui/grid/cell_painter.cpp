// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/cell_painter.h"

#include <QFontInfo>
#include <QFontMetrics>
#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>

namespace freshet::ui {

namespace {

// Size of text in the drawings.
constexpr qreal kDesignFont = 13;

// How a control character is shown.
QChar signFor(QChar control)
{
    switch (control.unicode()) {
    case u'\n':
        return QChar(0x21b5); // ↵
    case u'\t':
        return QChar(0x21e5); // ⇥
    case 0x7f:
        return QChar(0x2421);
    default:
        return QChar(0x2400 + control.unicode());
    }
}

bool isControl(QChar character)
{
    return character.unicode() < 0x20 || character.unicode() == 0x7f;
}

} // namespace

CellPainter::CellPainter()
{
    setFont(QFont());
}

void CellPainter::setFont(const QFont &font)
{
    m_text = GlyphText(font);
    m_italic = font;
    m_italic.setItalic(true);
    m_scale = QFontInfo(font).pixelSize() / kDesignFont;
    m_rowHeight = std::max(8, static_cast<int>(std::lround(std::ceil(m_text.height()))) +
                                  2 * px(m_style.rowPadding));
    m_padding = px(m_style.cellPadding);
}

int CellPainter::px(qreal designPixels) const
{
    return std::max(1, static_cast<int>(std::lround(designPixels * m_scale)));
}

int CellPainter::widthOf(const DisplayCell &cell) const
{
    qreal width = 0;
    switch (cell.look) {
    case CellLook::Number:
    case CellLook::Time:
        width = m_text.tabularWidth(cell.text);
        break;
    case CellLook::Text:
    case CellLook::Json:
    case CellLook::Binary:
    case CellLook::Bool:
        // A long text is wider than any limit on widths; its start tells that already.
        width = m_text.width(QStringView(cell.text).left(256));
        break;
    case CellLook::Null:
        width = QFontMetricsF(m_italic).horizontalAdvance(QStringLiteral("null"));
        break;
    case CellLook::Pending:
    case CellLook::Failed:
    case CellLook::Missing:
    case CellLook::EmptyText:
        break;
    }
    // One pixel for the line at the right, one for rounding.
    return static_cast<int>(std::ceil(width)) + 2 * m_padding + 2;
}

int CellPainter::numberColumnWidth(std::int64_t lastNumber) const
{
    const QString digits(std::max<qsizetype>(2, QString::number(lastNumber).size()), u'0');
    return static_cast<int>(std::ceil(m_text.tabularWidth(digits))) + 2 * m_padding;
}

qreal CellPainter::baseline(const QRect &rect) const
{
    return rect.top() + std::floor((rect.height() - m_text.height()) / 2) +
           std::round(m_text.ascent());
}

void CellPainter::paint(QPainter &painter, const QRect &rect, const DisplayCell *cell,
                        const columnar::LogicalType &type) const
{
    const QRect inner = rect.adjusted(m_padding, 0, -m_padding, 0);
    const bool atRight = isRightAligned(type);
    if (inner.width() <= 0)
        return;
    switch (cell == nullptr ? CellLook::Pending : cell->look) {
    case CellLook::Pending:
        paintPending(painter, inner, atRight);
        break;
    case CellLook::Failed:
        painter.setPen(m_style.failed);
        paintWord(painter, inner, QStringLiteral("unreadable"), m_italic, atRight);
        break;
    case CellLook::Missing:
        painter.setPen(m_style.faint);
        paintWord(painter, inner, QString(QChar(0xb7)), m_text.font(), atRight);
        break;
    case CellLook::Null:
        painter.setPen(m_style.faint);
        paintWord(painter, inner, QStringLiteral("null"), m_italic, atRight);
        break;
    case CellLook::EmptyText:
        paintMark(painter, inner, atRight);
        break;
    case CellLook::Number:
    case CellLook::Time:
        painter.setPen(m_style.text);
        paintNumber(painter, inner, *cell, atRight);
        break;
    case CellLook::Json:
        painter.setPen(m_style.json);
        paintText(painter, inner, *cell);
        break;
    case CellLook::Text:
    case CellLook::Binary:
    case CellLook::Bool:
        painter.setPen(m_style.text);
        paintText(painter, inner, *cell);
        break;
    }
}

void CellPainter::paintWord(QPainter &painter, const QRect &rect, const QString &word,
                            const QFont &font, bool atRight) const
{
    const QFontMetricsF metrics(font);
    const QString shown = metrics.elidedText(word, Qt::ElideRight, rect.width());
    const qreal x =
        atRight ? rect.right() + 1 - metrics.horizontalAdvance(shown) : qreal(rect.left());
    painter.setFont(font);
    painter.drawText(QPointF(x, baseline(rect)), shown);
    painter.setFont(m_text.font());
}

void CellPainter::paintNumber(QPainter &painter, const QRect &rect, const DisplayCell &cell,
                              bool atRight) const
{
    qreal width = m_text.tabularWidth(cell.text);
    if (width > rect.width()) {
        const QString shown = m_text.elidedTabular(cell.text, rect.width());
        // A number that is cut shows its head: its tail alone would be another number.
        m_text.drawTabular(painter, rect.left(), baseline(rect), shown);
        return;
    }
    const qreal x = atRight ? rect.right() + 1 - width : qreal(rect.left());
    m_text.drawTabular(painter, x, baseline(rect), cell.text);
}

void CellPainter::paintText(QPainter &painter, const QRect &rect, const DisplayCell &cell) const
{
    if (cell.hasControls) {
        paintControls(painter, rect, cell);
        return;
    }
    QString shown = m_text.elided(cell.text, rect.width());
    if (cell.isCut && shown.size() == cell.text.size())
        shown += QChar(0x2026);
    painter.drawText(QPointF(rect.left(), baseline(rect)), shown);
}

// Runs of text with the signs of control characters between them, until the cell is full.
void CellPainter::paintControls(QPainter &painter, const QRect &rect, const DisplayCell &cell) const
{
    const QColor colour = painter.pen().color();
    const qreal end = rect.right() + 1;
    qreal x = rect.left();
    qsizetype at = 0;
    while (at < cell.text.size() && x < end) {
        const bool isSign = isControl(cell.text.at(at));
        qsizetype stop = at + 1;
        while (!isSign && stop < cell.text.size() && !isControl(cell.text.at(stop)))
            ++stop;
        // CR LF is one break.
        if (cell.text.at(at) == u'\r' && stop < cell.text.size() && cell.text.at(stop) == u'\n') {
            at = stop;
            continue;
        }
        const QString piece =
            isSign ? QString(signFor(cell.text.at(at))) : cell.text.mid(at, stop - at);
        const qreal sign = isSign ? px(2) : 0;
        const QString shown = m_text.elided(piece, end - x - sign);
        painter.setPen(isSign ? m_style.faint : colour);
        painter.drawText(QPointF(x + sign, baseline(rect)), shown);
        if (shown != piece)
            return;
        x += m_text.width(piece) + 2 * sign;
        at = stop;
    }
}

// An empty text: a hair where its first character would stand.
void CellPainter::paintMark(QPainter &painter, const QRect &rect, bool atRight) const
{
    const int height = px(9);
    const int x = atRight ? rect.right() : rect.left();
    painter.fillRect(x, rect.top() + (rect.height() - height) / 2, px(1), height, m_style.faint);
}

void CellPainter::paintPending(QPainter &painter, const QRect &rect, bool atRight) const
{
    const int width = std::min(rect.width(), px(48));
    const int height = px(6);
    painter.fillRect(atRight ? rect.right() + 1 - width : rect.left(),
                     rect.top() + (rect.height() - height) / 2, width, height, m_style.line);
}

void CellPainter::paintRowNumber(QPainter &painter, const QRect &rect, std::int64_t number,
                                 bool isHighlighted) const
{
    const QString digits = QString::number(number);
    painter.setPen(isHighlighted ? m_style.text : m_style.faint);
    const qreal x = rect.right() + 1 - m_padding - m_text.tabularWidth(digits);
    m_text.drawTabular(painter, x, baseline(rect), digits);
}

} // namespace freshet::ui
