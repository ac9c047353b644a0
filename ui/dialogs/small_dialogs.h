// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <functional>

class QWidget;

namespace freshet::ui {

class Theme;

/// Ask for a row by its number as it is shown (from 1) and hand it on from 0. Takes "81,233" too.
void askForRow(const Theme &theme, RowCount rows, const std::function<void(RowIndex)> &go,
               QWidget *parent);
void showAbout(const Theme &theme, QWidget *parent);

} // namespace freshet::ui
