// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "details_popover.h"

#include "theme/theme.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

namespace {

QLabel *selectable(const QString &text)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

DetailsPopover::DetailsPopover(const std::vector<DetailSection> &sections, const Theme &theme,
                               QWidget *parent)
    : QFrame(parent, Qt::Popup), m_theme(theme), m_layout(new QVBoxLayout)
{
    setObjectName(QStringLiteral("popover"));
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("Evidence and facts"));
    m_layout->setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12));
    m_layout->setSpacing(theme.px(4));
    for (const DetailSection &section : sections) {
        addTitle(section.title);
        for (const QString &sentence : section.sentences)
            addText(sentence);
        addFacts(section.facts);
    }

    auto *copy = new QPushButton(tr("Copy all"));
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_plainText); });
    m_layout->addSpacing(theme.px(8));
    m_layout->addWidget(copy, 0, Qt::AlignLeft);

    auto *content = new QWidget;
    content->setProperty("surface", QStringLiteral("panel"));
    content->setLayout(m_layout);
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

void DetailsPopover::addTitle(const QString &title)
{
    if (!m_plainText.isEmpty()) {
        m_layout->addSpacing(m_theme.px(10));
        m_plainText += QLatin1Char('\n');
    }
    auto *label = new QLabel(title);
    label->setProperty("role", QStringLiteral("section"));
    m_layout->addWidget(label);
    m_plainText += title + QLatin1Char('\n');
}

void DetailsPopover::addText(const QString &text)
{
    m_layout->addWidget(selectable(text));
    m_plainText += text + QLatin1Char('\n');
}

void DetailsPopover::addFacts(const std::vector<Fact> &facts)
{
    if (facts.empty())
        return;
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(m_theme.px(14));
    grid->setVerticalSpacing(m_theme.px(4));
    grid->setColumnStretch(1, 1);
    for (const Fact &fact : facts) {
        const int row = grid->rowCount();
        auto *name = new QLabel(fact.name);
        name->setProperty("role", QStringLiteral("small"));
        grid->addWidget(name, row, 0, Qt::AlignTop);
        grid->addWidget(selectable(fact.value), row, 1);
        m_plainText += fact.name + QStringLiteral(": ") + fact.value + QLatin1Char('\n');
    }
    m_layout->addLayout(grid);
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
