// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_palette.h"

#include "theme/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
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
    : QDialog(parent), m_actions(actions), m_search(new QLineEdit), m_list(new QListWidget)
{
    setWindowTitle(tr("Find an action"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_search->setPlaceholderText(tr("Type the name of an action"));
    m_search->setAccessibleName(tr("Name of the action"));
    m_search->installEventFilter(this);
    m_list->setAccessibleName(tr("Actions"));
    m_list->setFocusPolicy(Qt::NoFocus);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(10), theme.px(10), theme.px(10), theme.px(10));
    layout->addWidget(m_search);
    layout->addWidget(m_list);
    resize(theme.px(440), theme.px(380));
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_search, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
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
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto *item = new QListWidgetItem(
            keys.isEmpty() ? name : name + QStringLiteral("   ") + keys, m_list);
        item->setData(Qt::UserRole, static_cast<int>(spec.id));
    }
    m_list->setCurrentRow(0);
}

int CommandPalette::matchCount() const
{
    return m_list->count();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step != 0 && m_list->count() > 0) {
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, m_list->count() - 1));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void CommandPalette::runCurrent()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (item == nullptr)
        return;
    QAction *action = m_actions[static_cast<ActionId>(item->data(Qt::UserRole).toInt())];
    close();
    action->trigger();
}

} // namespace freshet::ui
