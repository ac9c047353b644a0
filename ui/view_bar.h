// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace freshet::ui {

class Theme;

/// The bar over the grid: what is shown, and the lock that keeps the last row in view.
class ViewBar : public QWidget
{
    Q_OBJECT
public:
    explicit ViewBar(const Theme &theme, QWidget *parent = nullptr);

    void setRows(RowCount rows, int columns, bool isRunning);
    void setFollows(bool follows);

Q_SIGNALS:
    void followToggled(bool follows);

private:
    void updateIcon();

    const Theme &m_theme;
    QLabel *m_shown;
    QPushButton *m_follow;
};

} // namespace freshet::ui
