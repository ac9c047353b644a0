// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeWidget>

namespace freshet::ui {

class Theme;

/// A tree that says, as long as there is nothing in it, what it is for or waits for.
class HintedTree : public QTreeWidget
{
    Q_OBJECT
public:
    explicit HintedTree(const Theme &theme, QWidget *parent = nullptr);

    void setHint(const QString &hint);

protected:
    void paintEvent(QPaintEvent *event) override;
    [[nodiscard]] const Theme &theme() const { return m_theme; }

private:
    const Theme &m_theme;
    QString m_hint;
};

} // namespace freshet::ui
