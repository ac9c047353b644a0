// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/series_colors.h"

#include "lab/chart_focus.h"
#include "theme/theme.h"

#include <array>

namespace freshet::ui {

QColor seriesColor(int index, Scheme scheme)
{
    using Colors = std::array<QRgb, lab::ChartFocus::kMostColours>;
    static constexpr Colors light{0xff1f6feb, 0xffc2690a, 0xff8250df, 0xffbf2251,
                                  0xff177545, 0xffb0259b, 0xff0b7a8c, 0xff8a6a1f};
    static constexpr Colors dark{0xff6aa4ff, 0xfff0a45a, 0xffb48bf2, 0xfff07a9a,
                                 0xff5cc990, 0xfff08be0, 0xff4fc3d9, 0xffd6bd6a};
    if (index < 0)
        return QColor(scheme == Scheme::Light ? 0xffb3bcc8 : 0xff515b67);
    const auto &colors = scheme == Scheme::Light ? light : dark;
    return QColor(colors[static_cast<std::size_t>(index) % colors.size()]);
}

} // namespace freshet::ui
