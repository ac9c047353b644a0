// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "library/library_delegate.h"

#include "library/library_model.h"
#include "theme/theme.h"

#include <QLineEdit>
#include <QPainter>

namespace freshet::ui {

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
    const auto mark = static_cast<Mark>(index.data(LibraryModel::MarkRole).toInt());
    painter->drawPixmap(option.rect.left() + m_theme.px(14),
                        name.top() + (name.height() - size) / 2,
                        markPixmap(mark, m_theme, size, painter->device()->devicePixelRatio()));
    painter->setFont(m_theme.textFont());
    painter->setPen(tokens.text);
    painter->drawText(
        name, Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, name.width()));
    painter->setFont(m_theme.smallFont());
    painter->setPen(tokens.dimText);
    const QRect fact(name.left(), name.bottom() + m_theme.px(3), name.width(),
                     painter->fontMetrics().height());
    painter->drawText(
        fact, Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(index.data(LibraryModel::FactRole).toString(),
                                          Qt::ElideRight, fact.width()));
    painter->restore();
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
