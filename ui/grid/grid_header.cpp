// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_header.h"

#include "grid/display_cell.h"
#include "grid/header_model.h"
#include "grid/type_words.h"

#include <QContextMenuEvent>
#include <QFontInfo>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace freshet::ui {

GridHeader::GridHeader(HeaderModel *model, QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent), m_model(model)
{
    setModel(model);
    setSectionsClickable(true);
    setSectionsMovable(true);
    setFirstSectionMovable(true);
    setSectionResizeMode(QHeaderView::Interactive);
    setHighlightSections(false);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    updateFonts();
}

void GridHeader::setStyle(const GridStyle &style)
{
    m_style = style;
    viewport()->update();
}

void GridHeader::setSortMark(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    viewport()->update();
}

void GridHeader::setHighlighted(std::function<bool(int column)> isHighlighted)
{
    m_isHighlighted = std::move(isHighlighted);
}

void GridHeader::updateFonts()
{
    QFont name = font();
    name.setWeight(QFont::DemiBold);
    QFont type = font();
    if (type.pixelSize() > 0)
        type.setPixelSize(std::max(1, type.pixelSize() * 11 / 13));
    else
        type.setPointSizeF(type.pointSizeF() * 11 / 13);
    m_name = GlyphText(name);
    m_type = GlyphText(type);
    m_scale = QFontInfo(font()).pixelSize() / 13.0;
    setMinimumSectionSize(px(24));
}

int GridHeader::px(qreal designPixels) const
{
    return std::max(1, static_cast<int>(std::lround(designPixels * m_scale)));
}

QString GridHeader::sortSign(int column) const
{
    if (column != m_sortColumn)
        return {};
    return m_sortOrder == Qt::AscendingOrder ? QStringLiteral(" ↑") : QStringLiteral(" ↓");
}

int GridHeader::widthOf(int column) const
{
    const columnar::Field &field = m_model->field(column);
    const QString name = QString::fromStdString(field.name).left(256) % sortSign(column);
    const qreal width = std::max(m_name.width(name), m_type.width(typeWords(field.type)));
    return static_cast<int>(std::ceil(width)) + 2 * px(m_style.cellPadding) + 2;
}

QSize GridHeader::sizeHint() const
{
    const qreal text = std::ceil(m_name.height()) + std::ceil(m_type.height());
    return {QHeaderView::sizeHint().width(), static_cast<int>(text) + px(15) + 1};
}

void GridHeader::paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const
{
    if (!rect.isValid() || logicalIndex >= m_model->columnCount())
        return;
    const columnar::Field &field = m_model->field(logicalIndex);
    const bool isHighlighted = m_isHighlighted && m_isHighlighted(logicalIndex);
    painter->fillRect(rect, isHighlighted ? m_style.selection : m_style.header);
    painter->fillRect(rect.right(), rect.top(), 1, rect.height(), m_style.line);
    painter->fillRect(rect.left(), rect.bottom(), rect.width(), 1, m_style.line);

    const int padding = px(m_style.cellPadding);
    const QRect inner = rect.adjusted(padding, 0, -padding - 1, 0);
    if (inner.width() <= 0)
        return;
    const bool atRight = isRightAligned(field.type);
    const auto draw = [&](const GlyphText &text, QString words, const QString &tail, qreal top) {
        words = text.elided(words, inner.width() - text.width(tail)) % tail;
        const qreal x = atRight ? inner.right() + 1 - text.width(words) : qreal(inner.left());
        painter->setFont(text.font());
        painter->drawText(QPointF(x, top + std::round(text.ascent())), words);
    };
    const qreal text = std::ceil(m_name.height()) + std::ceil(m_type.height()) + px(1);
    const qreal top = rect.top() + std::floor((rect.height() - 1 - text) / 2);
    painter->setPen(m_style.text);
    draw(m_name, QString::fromStdString(field.name), sortSign(logicalIndex), top);
    painter->setPen(m_style.dimText);
    draw(m_type, typeWords(field.type), {}, top + std::ceil(m_name.height()) + px(1));
}

void GridHeader::paintEvent(QPaintEvent *event)
{
    QHeaderView::paintEvent(event);
    // Right of the last section the style would draw its own.
    QPainter painter(viewport());
    const int end = length() - offset();
    const int width = viewport()->width() - end;
    if (width > 0) {
        painter.fillRect(end, 0, width, viewport()->height(), m_style.header);
        painter.fillRect(end, viewport()->height() - 1, width, 1, m_style.line);
    }
}

void GridHeader::contextMenuEvent(QContextMenuEvent *event)
{
    Q_EMIT menuRequested(logicalIndexAt(event->pos()), event->globalPos());
    event->accept();
}

void GridHeader::changeEvent(QEvent *event)
{
    QHeaderView::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        updateFonts();
        updateGeometry();
    }
}

} // namespace freshet::ui
