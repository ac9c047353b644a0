// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hinted_tree.h"

#include "theme/theme.h"

#include <QPainter>

namespace freshet::ui {

HintedTree::HintedTree(const Theme &theme, QWidget *parent) : QTreeWidget(parent), m_theme(theme) {}

void HintedTree::setHint(const QString &hint)
{
    m_hint = hint;
    viewport()->update();
}

void HintedTree::paintEvent(QPaintEvent *event)
{
    QTreeWidget::paintEvent(event);
    if (topLevelItemCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(m_theme.tokens().dimText);
    painter.drawText(viewport()->rect().adjusted(m_theme.px(14), 0, -m_theme.px(14), 0),
                     static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap, m_hint);
}

} // namespace freshet::ui
