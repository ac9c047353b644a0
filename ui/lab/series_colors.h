// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace freshet::ui {

enum class Scheme;

/// The colours of a chart's lines, by `lab::ChartFocus::colours`: eight hues that keep apart from
/// each other and have a contrast of at least 3:1 on the panel, and for lines that are only there
/// to compare with (a negative index) a grey that stays behind them. The report has the same.
[[nodiscard]] QColor seriesColor(int index, Scheme scheme);

} // namespace freshet::ui
