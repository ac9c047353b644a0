// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/kind_list.h"

#include "theme/theme.h"

#include <QCoreApplication>
#include <QPainter>
#include <QStyledItemDelegate>

namespace freshet::ui {

namespace {

constexpr int kKindRole = Qt::UserRole + 1; ///< number of the kind; a title has none
constexpr int kHintRole = Qt::UserRole + 2;

QString words(const char *text)
{
    return QCoreApplication::translate("SourceKinds", text);
}

/// A title, or a kind with a line under its name that says what it is.
class KindDelegate : public QStyledItemDelegate
{
public:
    KindDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme)
    {}

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const Tokens &tokens = m_theme.tokens();
        const QRect inner =
            option.rect.adjusted(m_theme.px(14), m_theme.px(6), -m_theme.px(8), -m_theme.px(6));
        painter->save();
        if (!index.data(kKindRole).isValid()) {
            QFont font = m_theme.smallFont();
            font.setWeight(QFont::DemiBold);
            painter->setFont(font);
            painter->setPen(tokens.dimText);
            painter->drawText(inner, Qt::AlignLeft | Qt::AlignBottom, index.data().toString());
            painter->restore();
            return;
        }
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, tokens.selection);
        else if (option.state.testFlag(QStyle::State_MouseOver))
            painter->fillRect(option.rect, tokens.accentTint);
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(tokens.accent);
            painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
        }
        drawLine(*painter, inner, Qt::AlignTop, m_theme.textFont(), tokens.text,
                 index.data().toString());
        drawLine(*painter, inner, Qt::AlignBottom, m_theme.smallFont(), tokens.dimText,
                 index.data(kHintRole).toString());
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        const int small = QFontMetrics(m_theme.smallFont()).height();
        if (!index.data(kKindRole).isValid())
            return {m_theme.px(120), small + m_theme.px(20)};
        const int text = QFontMetrics(m_theme.textFont()).height();
        return {m_theme.px(120), text + small + m_theme.px(14)};
    }

private:
    static void drawLine(QPainter &painter, const QRect &rect, Qt::Alignment place,
                         const QFont &font, const QColor &color, const QString &text)
    {
        painter.setFont(font);
        painter.setPen(color);
        painter.drawText(rect, static_cast<int>(Qt::AlignLeft | place),
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
    }

    const Theme &m_theme;
};

} // namespace

KindList::KindList(const Theme &theme, QWidget *parent) : QListWidget(parent)
{
    setObjectName(QStringLiteral("sourceKinds"));
    setAccessibleName(tr("Kind of source"));
    setProperty("bare", true);
    setProperty("edge", QStringLiteral("right"));
    setMouseTracking(true);
    setItemDelegate(new KindDelegate(theme, this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setFixedWidth(theme.px(208));
    QString group;
    int number = 0;
    for (const SourceKind &kind : sourceKinds()) {
        if (words(kind.group) != group) {
            group = words(kind.group);
            auto *title = new QListWidgetItem(group, this);
            title->setFlags(Qt::NoItemFlags);
        }
        auto *item = new QListWidgetItem(words(kind.name), this);
        item->setData(kKindRole, number++);
        item->setData(kHintRole, words(kind.hint));
        item->setData(Qt::AccessibleTextRole,
                      QString(words(kind.name) + QStringLiteral(", ") + words(kind.hint)));
        item->setToolTip(words(kind.hint));
    }
}

const SourceKind *KindList::current() const
{
    const QListWidgetItem *item = currentItem();
    if (item == nullptr || !item->data(kKindRole).isValid())
        return nullptr;
    return &sourceKinds()[static_cast<std::size_t>(item->data(kKindRole).toInt())];
}

QListWidgetItem *KindList::itemOf(const SourceKind &kind) const
{
    for (int row = 0; row < count(); ++row) {
        const QVariant number = item(row)->data(kKindRole);
        if (number.isValid() && &sourceKinds()[static_cast<std::size_t>(number.toInt())] == &kind)
            return item(row);
    }
    return nullptr;
}

void KindList::setCurrent(const SourceKind &kind)
{
    setCurrentItem(itemOf(kind));
}

} // namespace freshet::ui
