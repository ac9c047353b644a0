// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace freshet::ui {

/// Shows a text of any length, read-only. Very long lines are laid out in pieces, so that showing
/// them takes no longer than showing many short ones; copying puts the pieces together again.
/// Threads: GUI thread only.
class TextView final : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit TextView(QWidget *parent = nullptr);

    void showText(const QString &text);
    void setMonospaced(bool monospaced);

protected:
    [[nodiscard]] QMimeData *createMimeDataFromSelection() const override;
};

} // namespace freshet::ui
