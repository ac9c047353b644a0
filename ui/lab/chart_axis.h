// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

QT_BEGIN_NAMESPACE
class QValueAxis;
QT_END_NAMESPACE

namespace freshet::ui {

class Theme;

/// A step of 1, 2 or 5 times a power of ten that divides `span` into about `pieces`.
[[nodiscard]] double niceStep(double span, int pieces);
/// Range and ticks together: a range with the interval of another one could have millions of ticks,
/// each of them an item of the scene.
void setAxis(QValueAxis &axis, double from, double to, double step);
void setAxisLooks(QValueAxis &axis, const Theme &theme);

} // namespace freshet::ui
