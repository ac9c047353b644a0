// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <QWidget>

#include <map>

class QLabel;
class QPushButton;

namespace freshet::ui {

class Theme;

/// What a tab shows of its dataset.
enum class TabPage { Rows, BadRows, Runs };

/// The bar over the grid: the pages of the tab where there is more than its rows, what is shown,
/// and the lock that keeps the last row in view.
class ViewBar : public QWidget
{
    Q_OBJECT
public:
    explicit ViewBar(const Theme &theme, QWidget *parent = nullptr);

    void setRows(RowCount rows, int columns, bool isRunning);
    void setFollows(bool follows);
    /// Offer a page under this name; an empty one takes it away.
    void setPage(TabPage page, const QString &name);
    void setCurrentPage(TabPage page);

Q_SIGNALS:
    void followToggled(bool follows);
    void pageChosen(freshet::ui::TabPage page);

private:
    void updateIcon();
    void updatePages();

    const Theme &m_theme;
    QLabel *m_shown;
    QPushButton *m_follow;
    std::map<TabPage, QPushButton *> m_pages;
};

} // namespace freshet::ui
