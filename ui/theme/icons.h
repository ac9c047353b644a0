// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace freshet::ui {

/// How it stands with a dataset, as a mark that differs in shape and not only in colour.
enum class Mark { Running, Verified, Ended, Incomplete, Failed, Queued, Paused, Waiting };

class Theme;

/// The drawing `:/icons/NAME.svg` in one colour: its `currentColor` becomes `color`.
/// Units: `size` in logical pixels; the picture has `devicePixelRatio` times as many.
[[nodiscard]] QPixmap iconPixmap(const QString &name, const QColor &color, int size,
                                 qreal devicePixelRatio);
/// The same for buttons and menus, sharp on every screen.
[[nodiscard]] QIcon themedIcon(const QString &name, const QColor &color, int size);
[[nodiscard]] QPixmap markPixmap(Mark mark, const Theme &theme, int size, qreal devicePixelRatio);
[[nodiscard]] QColor markColor(Mark mark, const Theme &theme);

} // namespace freshet::ui
