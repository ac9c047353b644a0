// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace freshet::ui {

class Theme;

/// Draws an entry of the library: mark, name, and under it one line of fact, which may end in a
/// word to be clicked; or a section's title.
class LibraryDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit LibraryDelegate(const Theme &theme, QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const override;

Q_SIGNALS:
    void offerTaken(const QModelIndex &index);

protected:
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;

private:
    /// Where the parts of the line of fact are.
    struct FactLine
    {
        QString fact;
        QRect factRect;
        QRect dotRect;
        QString offer;
        QRect offerRect;
    };
    [[nodiscard]] FactLine factLine(const QRect &item, const QModelIndex &index) const;
    void paintFact(QPainter &painter, const QRect &item, const QModelIndex &index) const;
    void paintSection(QPainter &painter, const QRect &rect, const QString &title) const;
    [[nodiscard]] QRect nameRect(const QRect &item) const;

    const Theme &m_theme;
};

} // namespace freshet::ui
