// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/icons.h"

#include <QFrame>

class QLabel;

namespace freshet::ui {

class Theme;

/// A tinted line with a mark and a sentence that says how things stand; it goes when they change.
class NoticeLine : public QFrame
{
    Q_OBJECT
public:
    explicit NoticeLine(const Theme &theme, QWidget *parent = nullptr);

    void say(Mark mark, const QString &sentence);
    [[nodiscard]] QString sentence() const;

private:
    void updateLook();

    const Theme &m_theme;
    QLabel *m_icon;
    QLabel *m_sentence;
    Mark m_mark = Mark::Paused;
};

} // namespace freshet::ui
