// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/icons.h"

#include <QWidget>

#include <optional>

namespace freshet::ui {

/// A verdict as a rounded tint with its mark and its word.
class Badge : public QWidget
{
    Q_OBJECT
public:
    explicit Badge(const Theme &theme, QWidget *parent = nullptr);

    void setMark(Mark mark);
    [[nodiscard]] std::optional<Mark> mark() const { return m_mark; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void updateFont();
    [[nodiscard]] QString word() const;

    const Theme &m_theme;
    std::optional<Mark> m_mark;
};

} // namespace freshet::ui
