// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>

class QTimer;

namespace freshet::ui {

class Theme;

/// The 3 px line under the tabs: a share of the whole where a total is known, else a piece that
/// wanders while rows come, and nothing at rest.
class ProgressLine : public QWidget
{
    Q_OBJECT
public:
    explicit ProgressLine(const Theme &theme, QWidget *parent = nullptr);

    void setRunning(bool isRunning);
    /// Paused or waiting: nothing wanders, and the colour says so.
    void setHeld(bool isHeld);
    /// In [0, 1], or nothing while no total is known.
    void setFraction(std::optional<double> fraction);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void updateWandering();

    const Theme &m_theme;
    QTimer *m_wander;
    bool m_isRunning = false;
    bool m_isHeld = false;
    std::optional<double> m_fraction;
    double m_place = 0;
};

} // namespace freshet::ui
