// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actions.h"

#include <QDialog>

class QLineEdit;

namespace freshet::ui {

class HintedTree;
class Theme;

/// Every action by name: type a few letters of it, Enter runs it.
class CommandPalette : public QDialog
{
    Q_OBJECT
public:
    CommandPalette(const Actions &actions, const Theme &theme, QWidget *parent);

    /// Show the actions that hold all the words of `text`.
    void filter(const QString &text);
    [[nodiscard]] int matchCount() const;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void runCurrent();

    const Actions &m_actions;
    QLineEdit *m_search;
    const Theme &m_theme;
    HintedTree *m_list; ///< names, and at the right their keys
};

} // namespace freshet::ui
