// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace freshet::ui {

class Theme;

/// The strip under the library that asks once before something is removed.
/// Threads: GUI thread only.
class RemoveQuestion : public QFrame
{
    Q_OBJECT
public:
    explicit RemoveQuestion(const Theme &theme, QWidget *parent = nullptr);

    /// `takesFocus`: the user asked for this; else the next key is meant for something else.
    void ask(const QString &id, const QString &question, bool takesFocus = true);
    /// Take the question back. Output: whether there was one.
    bool dismiss();

Q_SIGNALS:
    void confirmed(const QString &id);

private:
    QLabel *m_question;
    QPushButton *m_remove;
    QString m_id;
};

} // namespace freshet::ui
