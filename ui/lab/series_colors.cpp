// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/series_colors.h"

#include "theme/theme.h"

#include <array>

namespace freshet::ui {

QColor seriesColor(int index, Scheme scheme)
{
    static constexpr std::array<QRgb, kSeriesColors> light{0xff1f6feb, 0xffc2690a, 0xff8250df,
                                                           0xffbf2251, 0xff177545, 0xff6b7787,
                                                           0xff0b7a8c, 0xff8a6a1f};
    static constexpr std::array<QRgb, kSeriesColors> dark{0xff6aa4ff, 0xfff0a45a, 0xffb48bf2,
                                                          0xfff07a9a, 0xff5cc990, 0xff9aa6b5,
                                                          0xff4fc3d9, 0xffd6bd6a};
    const auto &colors = scheme == Scheme::Light ? light : dark;
    return QColor(colors[static_cast<std::size_t>(index) % colors.size()]);
}

QPen seriesPen(int index, Scheme scheme, qreal width)
{
    static constexpr std::array kDashes{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
    const auto round = static_cast<std::size_t>(index / kSeriesColors);
    QPen pen(seriesColor(index, scheme), width, kDashes[round % kDashes.size()], Qt::RoundCap,
             Qt::RoundJoin);
    pen.setCosmetic(true);
    return pen;
}

} // namespace freshet::ui
