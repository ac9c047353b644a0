// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTabWidget>

namespace freshet::ui {

class DatasetSession;
class DatasetTab;
class SessionList;
class Theme;
class WindowState;

/// The tabs, one a dataset, and among them those of other kinds, which close without a question. A
/// tab whose dataset is being downloaded asks before it closes whether the download is to be
/// stopped or to run on without it. Lifetime: what it is made of outlives it; closing the last tab
/// of a session releases that.
class DatasetTabs : public QTabWidget
{
    Q_OBJECT
public:
    DatasetTabs(SessionList &sessions, const Theme &theme, WindowState &state,
                QWidget *parent = nullptr);

    [[nodiscard]] DatasetTab *current() const;
    [[nodiscard]] DatasetTab *tabOf(const QString &id) const;
    /// Of the datasets, in the order in which they stand.
    [[nodiscard]] QStringList ids() const;
    /// Give the session a tab if it has none. `inFront`: go there.
    void showSession(DatasetSession *session, bool inFront);
    /// Close the tab, after asking if need be.
    void closeTab(DatasetTab *tab);
    void dropTab(const QString &id);
    /// Show a tab of another kind, in front; it belongs to the tabs from now on.
    void showOther(QWidget *tab, const QString &title);
    void setTitle(QWidget *tab, const QString &title);
    /// Close a tab of another kind.
    void dropOther(QWidget *tab);

Q_SIGNALS:
    void tabAdded(freshet::ui::DatasetTab *tab);
    void tabDropped();
    /// The source of its dataset is to be shown.
    void sourceRequested(freshet::ui::DatasetTab *tab);

private:
    void close(int index);
    void updateTitle(DatasetSession *session);
    void askToClose(DatasetTab *tab);
    void showMenu(const QPoint &position);

    SessionList &m_sessions;
    const Theme &m_theme;
    WindowState &m_state;
};

} // namespace freshet::ui
