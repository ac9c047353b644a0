// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPen>

namespace freshet::ui {

enum class Scheme;

/// The colour of the `index`-th variant, everywhere in the lab. Eight hues that keep apart from
/// each other and have a contrast of at least 3:1 on the panel; from the ninth variant on they
/// repeat.
[[nodiscard]] QColor seriesColor(int index, Scheme scheme);
/// From where on colours repeat, so that lines need another dash to be told apart.
inline constexpr int kSeriesColors = 8;
/// The stroke of that variant's line: its colour, and the dash of its round of colours; 32 are told
/// apart.
[[nodiscard]] QPen seriesPen(int index, Scheme scheme, qreal width);

} // namespace freshet::ui
