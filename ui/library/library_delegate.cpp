// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "library/library_delegate.h"

#include "library/library_model.h"
#include "theme/theme.h"

#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace freshet::ui {

namespace {

const QString kDot = QStringLiteral(" · ");

} // namespace

LibraryDelegate::LibraryDelegate(const Theme &theme, QObject *parent)
    : QStyledItemDelegate(parent), m_theme(theme)
{}

void LibraryDelegate::paintSection(QPainter &painter, const QRect &rect, const QString &title) const
{
    QFont font = m_theme.smallFont();
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(m_theme.tokens().dimText);
    painter.drawText(rect.adjusted(m_theme.px(14), 0, -m_theme.px(8), -m_theme.px(5)),
                     Qt::AlignLeft | Qt::AlignBottom, title);
}

QRect LibraryDelegate::nameRect(const QRect &item) const
{
    const int height = QFontMetrics(m_theme.textFont()).height();
    return {item.left() + m_theme.px(36), item.top() + m_theme.px(7), item.width() - m_theme.px(44),
            height};
}

void LibraryDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    painter->save();
    if (index.data(LibraryModel::IsSectionRole).toBool()) {
        paintSection(*painter, option.rect, index.data().toString());
        painter->restore();
        return;
    }
    const Tokens &tokens = m_theme.tokens();
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, tokens.selection);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, tokens.accentTint);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(tokens.accent);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }

    const QRect name = nameRect(option.rect);
    const int size = m_theme.px(14);
    if (const QVariant mark = index.data(LibraryModel::MarkRole); mark.isValid())
        painter->drawPixmap(option.rect.left() + m_theme.px(14),
                            name.top() + (name.height() - size) / 2,
                            markPixmap(static_cast<Mark>(mark.toInt()), m_theme, size,
                                       painter->device()->devicePixelRatio()));
    painter->setFont(m_theme.textFont());
    painter->setPen(tokens.text);
    painter->drawText(
        name, Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, name.width()));
    paintFact(*painter, option.rect, index);
    painter->restore();
}

LibraryDelegate::FactLine LibraryDelegate::factLine(const QRect &item,
                                                    const QModelIndex &index) const
{
    const QFontMetrics metrics(m_theme.smallFont());
    const QRect name = nameRect(item);
    const QRect line(name.left(), name.bottom() + m_theme.px(3), name.width(), metrics.height());
    FactLine parts{.fact = index.data(LibraryModel::FactRole).toString(),
                   .factRect = line,
                   .offer = index.data(LibraryModel::OfferTextRole).toString()};
    if (parts.offer.isEmpty())
        return parts;
    // Where there is no room for both, the fact is cut: the word can be clicked.
    const int offerWidth = std::min(metrics.horizontalAdvance(parts.offer), line.width());
    const int dotWidth = metrics.horizontalAdvance(kDot);
    const int room = std::max(0, line.width() - offerWidth - dotWidth);
    // One more, since a text that just fits is cut after rounding.
    const int factWidth = std::min(metrics.horizontalAdvance(parts.fact) + 1, room);
    parts.factRect.setWidth(factWidth);
    parts.dotRect = QRect(line.left() + factWidth, line.top(), dotWidth, line.height());
    parts.offerRect = QRect(parts.dotRect.right() + 1, line.top(), offerWidth, line.height());
    return parts;
}

void LibraryDelegate::paintFact(QPainter &painter, const QRect &item,
                                const QModelIndex &index) const
{
    const FactLine line = factLine(item, index);
    const Tokens &tokens = m_theme.tokens();
    painter.setFont(m_theme.smallFont());
    painter.setPen(tokens.dimText);
    painter.drawText(
        line.factRect, Qt::AlignLeft | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(line.fact, Qt::ElideRight, line.factRect.width()));
    if (line.offer.isEmpty())
        return;
    painter.drawText(line.dotRect, Qt::AlignLeft | Qt::AlignVCenter, kDot);
    painter.setPen(tokens.link);
    painter.drawText(line.offerRect, Qt::AlignLeft | Qt::AlignVCenter, line.offer);
}

bool LibraryDelegate::editorEvent(QEvent *event, QAbstractItemModel *model,
                                  const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() == QEvent::MouseButtonRelease) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        const int reach = m_theme.px(4);
        const QRect offer = factLine(option.rect, index).offerRect;
        if (mouse->button() == Qt::LeftButton && !offer.isEmpty() &&
            offer.adjusted(-reach, -reach, reach, reach).contains(mouse->position().toPoint())) {
            Q_EMIT offerTaken(index);
            return true;
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

QSize LibraryDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const int small = QFontMetrics(m_theme.smallFont()).height();
    if (index.data(LibraryModel::IsSectionRole).toBool())
        return {m_theme.px(80), small + m_theme.px(19)};
    return {m_theme.px(80), QFontMetrics(m_theme.textFont()).height() + small + m_theme.px(17)};
}

QWidget *LibraryDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &,
                                       const QModelIndex &) const
{
    auto *editor = new QLineEdit(parent);
    editor->setProperty("inline", true);
    editor->setAccessibleName(tr("New name"));
    return editor;
}

void LibraryDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                                           const QModelIndex &) const
{
    editor->setGeometry(
        nameRect(option.rect).adjusted(-m_theme.px(5), -m_theme.px(3), 0, m_theme.px(3)));
}

} // namespace freshet::ui
