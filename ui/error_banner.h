// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/error_text.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace freshet::ui {

class Theme;

/// An error that stays until it is dismissed: what happened, where, what is kept, what to do next.
class ErrorBanner : public QFrame
{
    Q_OBJECT
public:
    explicit ErrorBanner(const Theme &theme, QWidget *parent = nullptr);

    void show(const ErrorText &text);
    /// Output: whether there was something to dismiss.
    bool dismiss();
    [[nodiscard]] const ErrorText &text() const { return m_text; }

private:
    void updateIcons();

    const Theme &m_theme;
    ErrorText m_text;
    QLabel *m_mark;
    QLabel *m_what;
    QLabel *m_where;
    QLabel *m_detail;
    QLabel *m_next;
    QPushButton *m_copy;
    QPushButton *m_close;
};

} // namespace freshet::ui
