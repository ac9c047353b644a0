// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScreen>
#include <QWidget>

namespace freshet::ui {

/// As much of `wanted` as the screen of `window` has room for: with large text it may have less.
[[nodiscard]] inline QSize fittingSize(const QWidget &window, QSize wanted)
{
    return wanted.boundedTo(window.screen()->availableSize());
}

} // namespace freshet::ui
