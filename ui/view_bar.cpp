// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_bar.h"

#include "text/figures.h"
#include "theme/icons.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace freshet::ui {

ViewBar::ViewBar(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_shown(new QLabel), m_follow(new QPushButton(tr("Follow")))
{
    setProperty("surface", QStringLiteral("panel"));
    setProperty("edge", QStringLiteral("bottom"));
    setAttribute(Qt::WA_StyledBackground);
    m_shown->setProperty("role", QStringLiteral("small"));
    m_shown->setObjectName(QStringLiteral("shownRows"));
    m_follow->setObjectName(QStringLiteral("followTail"));
    m_follow->setCheckable(true);
    m_follow->setProperty("flat", true);
    m_follow->setToolTip(tr("Keep the last row in view while rows come"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(3), theme.px(8), theme.px(3));
    layout->setSpacing(theme.px(8));
    for (const TabPage page : {TabPage::Rows, TabPage::BadRows, TabPage::Runs}) {
        auto *button = new QPushButton;
        button->setCheckable(true);
        button->setAutoExclusive(true);
        button->setProperty("flat", true);
        button->hide();
        layout->addWidget(button);
        m_pages[page] = button;
        connect(button, &QPushButton::clicked, this, [this, page] { Q_EMIT pageChosen(page); });
    }
    m_pages[TabPage::Rows]->setText(tr("Rows"));
    m_pages[TabPage::Rows]->setChecked(true);
    m_pages[TabPage::Rows]->setObjectName(QStringLiteral("rowsPage"));
    m_pages[TabPage::BadRows]->setObjectName(QStringLiteral("badRowsPage"));
    m_pages[TabPage::Runs]->setObjectName(QStringLiteral("runsPage"));
    layout->addStretch(1);
    layout->addWidget(m_shown);
    layout->addWidget(m_follow);
    connect(m_follow, &QPushButton::toggled, this, &ViewBar::followToggled);
    connect(m_follow, &QPushButton::toggled, this, &ViewBar::updateIcon);
    connect(&theme, &Theme::changed, this, &ViewBar::updateIcon);
    updateIcon();
}

void ViewBar::updateIcon()
{
    const Tokens &tokens = m_theme.tokens();
    m_follow->setIcon(themedIcon(QStringLiteral("follow"),
                                 m_follow->isChecked() ? tokens.link : tokens.dimText,
                                 m_theme.px(14)));
    m_follow->setIconSize(QSize(m_theme.px(14), m_theme.px(14)));
    m_shown->setFont(m_theme.smallFont());
}

void ViewBar::setRows(RowCount rows, int columns, bool isRunning)
{
    QString size = rowsText(rows);
    if (columns > 0)
        size +=
            QStringLiteral(" · ") + (columns == 1 ? tr("1 column") : tr("%1 columns").arg(columns));
    m_shown->setText(isRunning ? tr("%1 so far").arg(size) : size);
}

void ViewBar::setPage(TabPage page, const QString &name)
{
    QPushButton *button = m_pages[page];
    button->setText(name);
    button->setVisible(!name.isEmpty());
    updatePages();
}

void ViewBar::updatePages()
{
    // A single page needs no choice.
    m_pages[TabPage::Rows]->setVisible(!m_pages[TabPage::BadRows]->isHidden() ||
                                       !m_pages[TabPage::Runs]->isHidden());
}

void ViewBar::setCurrentPage(TabPage page)
{
    m_pages[page]->setChecked(true);
    m_shown->setVisible(page == TabPage::Rows);
    m_follow->setVisible(page == TabPage::Rows);
}

void ViewBar::setFollows(bool follows)
{
    const QSignalBlocker blocker(m_follow);
    m_follow->setChecked(follows);
    updateIcon();
}

} // namespace freshet::ui
