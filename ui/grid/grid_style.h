// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace freshet::ui {

/// Colours and paddings of the grid and the inspector. The defaults are the light tokens of the
/// design; whoever owns the theme fills in its own.
/// Units: paddings are pixels at a 13-pixel font and grow with the font.
struct GridStyle
{
    QColor panel{0xff, 0xff, 0xff};  ///< behind the cells
    QColor zebra{0xfb, 0xfc, 0xfd};  ///< behind every other row
    QColor header{0xf6, 0xf7, 0xf9}; ///< behind column names and row numbers
    QColor line{0xe1, 0xe5, 0xea};
    QColor text{0x1b, 0x24, 0x30};
    QColor dimText{0x6b, 0x77, 0x87};
    QColor faint{0x98, 0xa3, 0xb1}; ///< null, row numbers, marks
    QColor accent{0x1f, 0x6f, 0xeb};
    QColor selection{0xdb, 0xe8, 0xfd};
    QColor json{0x0b, 0x5c, 0x6e}; ///< text of nested values
    QColor failed{0xb3, 0x26, 0x1e};
    int cellPadding = 10;
    int rowPadding = 5;

    bool operator==(const GridStyle &) const = default;

    [[nodiscard]] static GridStyle light() { return {}; }
    [[nodiscard]] static GridStyle dark();
};

} // namespace freshet::ui
