// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_palette.h"

#include "theme/theme.h"
#include "widgets/fitting_size.h"
#include "widgets/hinted_tree.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

namespace {

QString withoutMnemonic(QString text)
{
    text.remove(QLatin1Char('&'));
    return text;
}

} // namespace

CommandPalette::CommandPalette(const Actions &actions, const Theme &theme, QWidget *parent)
    : QDialog(parent),
      m_actions(actions),
      m_search(new QLineEdit),
      m_theme(theme),
      m_list(new HintedTree(theme))
{
    setWindowTitle(tr("Find an action"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_search->setPlaceholderText(tr("Type the name of an action"));
    m_search->setAccessibleName(tr("Name of the action"));
    m_search->installEventFilter(this);
    m_list->setAccessibleName(tr("Actions"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHint(tr("No action is called that."));
    m_list->setProperty("roomy", true);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setColumnCount(2);
    m_list->setHeaderHidden(true);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(10), theme.px(10), theme.px(10), theme.px(10));
    layout->addWidget(m_search);
    layout->addWidget(m_list);
    resize(fittingSize(*this, {theme.px(440), theme.px(380)}));
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_search, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QTreeWidget::itemClicked, this, &CommandPalette::runCurrent);
    filter({});
}

void CommandPalette::filter(const QString &text)
{
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_list->clear();
    for (const ActionSpec &spec : actionTable()) {
        const QAction *action = m_actions[spec.id];
        if (spec.id == ActionId::Palette || !action->isEnabled())
            continue;
        const QString name = withoutMnemonic(Actions::menuTitle(spec.menu)) + QStringLiteral(": ") +
                             withoutMnemonic(action->text());
        const bool matches = std::ranges::all_of(words, [&name](const QString &word) {
            return name.contains(word, Qt::CaseInsensitive);
        });
        if (!matches)
            continue;
        auto *item = new QTreeWidgetItem(
            m_list, {name, action->shortcut().toString(QKeySequence::NativeText)});
        item->setData(0, Qt::UserRole, static_cast<int>(spec.id));
        item->setForeground(1, m_theme.tokens().dimText);
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    }
    m_list->setCurrentItem(m_list->topLevelItem(0));
}

int CommandPalette::matchCount() const
{
    return m_list->topLevelItemCount();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step != 0 && matchCount() > 0) {
            const int row = m_list->indexOfTopLevelItem(m_list->currentItem()) + step;
            m_list->setCurrentItem(m_list->topLevelItem(std::clamp(row, 0, matchCount() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void CommandPalette::runCurrent()
{
    const QTreeWidgetItem *item = m_list->currentItem();
    if (item == nullptr)
        return;
    QAction *action = m_actions[static_cast<ActionId>(item->data(0, Qt::UserRole).toInt())];
    close();
    action->trigger();
}

} // namespace freshet::ui
