// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <QString>

#include <functional>

class QDialog;
class QWidget;

namespace freshet::ui {

class Theme;

/// Ask for a row by its number as it is shown (from 1) and hand it on from 0. Takes "81,233" too.
void askForRow(const Theme &theme, RowCount rows, const std::function<void(RowIndex)> &go,
               QWidget *parent);
/// A tab is to be closed whose download runs: stop it, or let it run on? `close` is called with
/// whether to stop; not at all if the tab is to stay. Output: the question, which is open now.
QDialog *askToCloseRunning(const Theme &theme, const QString &dataset,
                           const std::function<void(bool stop)> &close, QWidget *parent);
/// How many downloads may run at once, from 1 to `most`.
void askForLimit(const Theme &theme, int limit, int most, const std::function<void(int)> &use,
                 QWidget *parent);
void showAbout(const Theme &theme, QWidget *parent);

} // namespace freshet::ui
