// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QObject>

#include <map>
#include <span>

class QMenuBar;

namespace freshet::ui {

enum class ActionId {
    NewSource,
    EditSource,
    OpenFile,
    Export,
    CloseTab,
    Quit,
    Copy,
    CopyWithHeader,
    CopyAsCsv,
    CopyAsJson,
    SelectAll,
    FocusUrl,
    Get,
    CancelDownload,
    PauseDownload,
    RetryNow,
    Resume,
    GetAnew,
    FetchNew,
    DownloadLimit,
    GoToRow,
    FollowTail,
    Inspector,
    Details,
    BadRows,
    Runs,
    Verify,
    Rename,
    Remove,
    NextPane,
    CloseTopmost,
    Palette,
    LibraryPanel,
    ThemeSystem,
    ThemeLight,
    ThemeDark,
    NewLab,
    RunLab,
    StopLab,
    LargerText,
    SmallerText,
    NormalText,
    Demo,
    About,
};

enum class MenuId { File, Edit, View, Dataset, Lab, Help };

/// One line of the table that every menu, shortcut and the palette come from.
struct ActionSpec
{
    ActionId id;
    MenuId menu;
    const char *text;      ///< to be translated in the context "Actions"
    const char *shortcuts; ///< in the portable form, separated by blanks; empty: none
    bool isCheckable = false;
    /// Works only while the grid has the focus, because the key means something else elsewhere.
    bool isGridOnly = false;
    bool startsGroup = false;
};

[[nodiscard]] std::span<const ActionSpec> actionTable();

/// The actions of one window, made from the table. Lifetime: owned by the window.
class Actions : public QObject
{
    Q_OBJECT
public:
    explicit Actions(QWidget *window);

    [[nodiscard]] QAction *operator[](ActionId id) const { return m_actions.at(id); }
    void fillMenuBar(QMenuBar *bar) const;
    /// Give a grid the actions whose keys work only there.
    void addTo(QWidget *grid) const;
    [[nodiscard]] static QString menuTitle(MenuId menu);

private:
    std::map<ActionId, QAction *> m_actions;
};

} // namespace freshet::ui
