// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "details_popover.h"

#include "theme/theme.h"
#include "widgets/detail_list.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

DetailsPopover::DetailsPopover(const std::vector<DetailSection> &sections, const Theme &theme,
                               QWidget *parent)
    : QFrame(parent, Qt::Popup), m_theme(theme), m_details(new DetailList(theme))
{
    setObjectName(QStringLiteral("popover"));
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("Evidence and facts"));
    m_details->setSections(sections);

    auto *copy = new QPushButton(tr("Copy all"));
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(plainText()); });
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(theme.px(14), theme.px(0), theme.px(14), theme.px(12));
    buttons->addWidget(copy);
    buttons->addStretch(1);
    auto *content = new QWidget;
    content->setProperty("surface", QStringLiteral("panel"));
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_details);
    column->addLayout(buttons);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->viewport()->setProperty("surface", QStringLiteral("panel"));
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(1, 1, 1, 1);
    outer->addWidget(scroll);
    const int width = theme.px(520);
    const int height = content->heightForWidth(width - theme.px(16)) + theme.px(6);
    resize(width, std::min(height, theme.px(460)));
}

const QString &DetailsPopover::plainText() const
{
    return m_details->plainText();
}

void DetailsPopover::showUnder(const QWidget *button)
{
    const QPoint corner = button->mapToGlobal(QPoint(button->width(), button->height()));
    const QRect screen = button->screen()->availableGeometry();
    const int x = std::clamp(corner.x() - width(), screen.left(),
                             std::max(screen.left(), screen.right() - width()));
    const int y = std::min(corner.y() + m_theme.px(4), screen.bottom() - height());
    move(x, std::max(screen.top(), y));
    show();
}

} // namespace freshet::ui
