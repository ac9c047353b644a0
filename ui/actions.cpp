// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "actions.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QKeySequence>
#include <QMenu>
#include <QMenuBar>
#include <QWidget>

#include <array>

namespace freshet::ui {

namespace {

#define TEXT(words) QT_TRANSLATE_NOOP("Actions", words)

constexpr ActionSpec kTable[] = {
    {ActionId::NewSource, MenuId::File, TEXT("&New source…"), "Ctrl+N"},
    {ActionId::OpenFile, MenuId::File, TEXT("&Open file…"), "Ctrl+O"},
    {ActionId::Demo, MenuId::File, TEXT("&Demo dataset"), ""},
    {.id = ActionId::Export,
     .menu = MenuId::File,
     .text = TEXT("&Export…"),
     .shortcuts = "Ctrl+E Ctrl+S",
     .startsGroup = true},
    {ActionId::CloseTab, MenuId::File, TEXT("&Close tab"), "Ctrl+W"},
    {.id = ActionId::Quit,
     .menu = MenuId::File,
     .text = TEXT("&Quit"),
     .shortcuts = "Ctrl+Q",
     .startsGroup = true},

    {.id = ActionId::Copy,
     .menu = MenuId::Edit,
     .text = TEXT("&Copy"),
     .shortcuts = "Ctrl+C",
     .isGridOnly = true},
    {ActionId::CopyWithHeader, MenuId::Edit, TEXT("Copy with column &names"), "Ctrl+Shift+C"},
    {ActionId::CopyAsCsv, MenuId::Edit, TEXT("Copy as C&SV"), ""},
    {ActionId::CopyAsJson, MenuId::Edit, TEXT("Copy as &JSON"), ""},
    {.id = ActionId::SelectAll,
     .menu = MenuId::Edit,
     .text = TEXT("Select &all"),
     .shortcuts = "Ctrl+A",
     .isGridOnly = true,
     .startsGroup = true},

    {.id = ActionId::LibraryPanel,
     .menu = MenuId::View,
     .text = TEXT("&Library"),
     .shortcuts = "Ctrl+B",
     .isCheckable = true},
    {.id = ActionId::Inspector,
     .menu = MenuId::View,
     .text = TEXT("&Inspector"),
     .shortcuts = "Space",
     .isCheckable = true,
     .isGridOnly = true},
    {ActionId::NextPane, MenuId::View, TEXT("&Next pane"), "F6"},
    {ActionId::CloseTopmost, MenuId::View, TEXT("Close what is on &top"), "Esc"},
    {.id = ActionId::ThemeSystem,
     .menu = MenuId::View,
     .text = TEXT("Colours of the &system"),
     .shortcuts = "",
     .isCheckable = true,
     .startsGroup = true},
    {.id = ActionId::ThemeLight,
     .menu = MenuId::View,
     .text = TEXT("L&ight"),
     .shortcuts = "",
     .isCheckable = true},
    {.id = ActionId::ThemeDark,
     .menu = MenuId::View,
     .text = TEXT("&Dark"),
     .shortcuts = "",
     .isCheckable = true},
    {.id = ActionId::LargerText,
     .menu = MenuId::View,
     .text = TEXT("La&rger text"),
     .shortcuts = "Ctrl++ Ctrl+=",
     .startsGroup = true},
    {ActionId::SmallerText, MenuId::View, TEXT("S&maller text"), "Ctrl+-"},
    {ActionId::NormalText, MenuId::View, TEXT("Normal te&xt"), "Ctrl+0"},

    {ActionId::FocusUrl, MenuId::Dataset, TEXT("Enter a &URL"), "Ctrl+L"},
    {ActionId::EditSource, MenuId::Dataset, TEXT("Edit s&ource…"), "Ctrl+Shift+E"},
    {ActionId::Get, MenuId::Dataset, TEXT("&Get"), "Ctrl+Return"},
    {ActionId::CancelDownload, MenuId::Dataset, TEXT("&Cancel download"), "Ctrl+."},
    {ActionId::PauseDownload, MenuId::Dataset, TEXT("&Pause or read on"), "Ctrl+Shift+P"},
    {ActionId::RetryNow, MenuId::Dataset, TEXT("&Try again now"), "Ctrl+Shift+R"},
    {ActionId::Resume, MenuId::Dataset, TEXT("Re&sume"), "Ctrl+R"},
    {ActionId::GetAnew, MenuId::Dataset, TEXT("Get &anew"), ""},
    {ActionId::FetchNew, MenuId::Dataset, TEXT("Fetc&h what is new…"), "Ctrl+Shift+N"},
    {ActionId::DownloadLimit, MenuId::Dataset, TEXT("Do&wnloads at once…"), ""},
    {.id = ActionId::GoToRow,
     .menu = MenuId::Dataset,
     .text = TEXT("Go to &row…"),
     .shortcuts = "Ctrl+G",
     .startsGroup = true},
    {.id = ActionId::FollowTail,
     .menu = MenuId::Dataset,
     .text = TEXT("&Follow the last row"),
     .shortcuts = "Ctrl+T",
     .isCheckable = true},
    {ActionId::BadRows, MenuId::Dataset, TEXT("&Bad rows"), "Ctrl+Shift+B"},
    {ActionId::Runs, MenuId::Dataset, TEXT("R&uns"), "Ctrl+Shift+U"},
    {ActionId::Verify, MenuId::Dataset, TEXT("&Verify…"), "Ctrl+Shift+V"},
    {ActionId::Details, MenuId::Dataset, TEXT("Verdict &details"), "Ctrl+I"},
    {.id = ActionId::Rename,
     .menu = MenuId::Dataset,
     .text = TEXT("Re&name"),
     .shortcuts = "",
     .startsGroup = true},
    {ActionId::Remove, MenuId::Dataset, TEXT("Re&move…"), ""},

    {ActionId::NewLab, MenuId::Lab, TEXT("&New lab…"), "Ctrl+Shift+L"},
    {ActionId::RunLab, MenuId::Lab, TEXT("&Run"), "F5"},
    {ActionId::StopLab, MenuId::Lab, TEXT("&Stop"), "Shift+F5"},

    {ActionId::Palette, MenuId::Help, TEXT("Find an &action…"), "Ctrl+K"},
    {ActionId::About, MenuId::Help, TEXT("&About Freshet"), ""},
};

#undef TEXT

} // namespace

std::span<const ActionSpec> actionTable()
{
    return kTable;
}

Actions::Actions(QWidget *window) : QObject(window)
{
    auto *schemes = new QActionGroup(this);
    for (const ActionSpec &spec : kTable) {
        auto *action = new QAction(QCoreApplication::translate("Actions", spec.text), this);
        QList<QKeySequence> shortcuts;
        for (const auto &keys : QByteArray(spec.shortcuts).split(' ')) {
            if (!keys.isEmpty())
                shortcuts += QKeySequence(QLatin1String(keys), QKeySequence::PortableText);
        }
        action->setShortcuts(shortcuts);
        action->setCheckable(spec.isCheckable);
        action->setShortcutContext(spec.isGridOnly ? Qt::WidgetShortcut : Qt::WindowShortcut);
        if (!spec.isGridOnly)
            window->addAction(action);
        if (spec.id == ActionId::ThemeSystem || spec.id == ActionId::ThemeLight ||
            spec.id == ActionId::ThemeDark)
            schemes->addAction(action);
        m_actions[spec.id] = action;
    }
}

QString Actions::menuTitle(MenuId menu)
{
    switch (menu) {
    case MenuId::File:
        return tr("&File");
    case MenuId::Edit:
        return tr("&Edit");
    case MenuId::View:
        return tr("&View");
    case MenuId::Dataset:
        return tr("&Dataset");
    case MenuId::Lab:
        return tr("&Lab");
    case MenuId::Help:
        return tr("&Help");
    }
    return {};
}

void Actions::fillMenuBar(QMenuBar *bar) const
{
    std::map<MenuId, QMenu *> menus;
    for (const auto id :
         {MenuId::File, MenuId::Edit, MenuId::View, MenuId::Dataset, MenuId::Lab, MenuId::Help})
        menus[id] = bar->addMenu(menuTitle(id));
    for (const ActionSpec &spec : kTable) {
        if (spec.startsGroup)
            menus[spec.menu]->addSeparator();
        menus[spec.menu]->addAction(m_actions.at(spec.id));
    }
}

void Actions::addTo(QWidget *grid) const
{
    for (const ActionSpec &spec : kTable) {
        if (spec.isGridOnly)
            grid->addAction(m_actions.at(spec.id));
    }
}

} // namespace freshet::ui
