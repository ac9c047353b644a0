// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace freshet::ui {

/// How high a line of text to be entered is in the font of the window. One in the fixed-width font,
/// which is less high, takes it as its least height, so that they stand in line.
[[nodiscard]] inline int fieldHeight()
{
    const QLineEdit plain;
    plain.ensurePolished();
    return plain.sizeHint().height();
}

} // namespace freshet::ui
