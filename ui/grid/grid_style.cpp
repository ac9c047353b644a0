// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_style.h"

namespace freshet::ui {

GridStyle GridStyle::dark()
{
    GridStyle style;
    style.panel = QColor(0x1b, 0x20, 0x26);
    style.zebra = QColor(0x1e, 0x24, 0x2a);
    style.header = QColor(0x1f, 0x25, 0x2c);
    style.line = QColor(0x2b, 0x32, 0x3b);
    style.text = QColor(0xe4, 0xe9, 0xef);
    style.dimText = QColor(0x97, 0xa3, 0xb2);
    style.faint = QColor(0x6b, 0x76, 0x85);
    style.accent = QColor(0x6a, 0xa4, 0xff);
    style.selection = QColor(0x22, 0x38, 0x5a);
    style.json = QColor(0x7f, 0xd0, 0xdf);
    style.failed = QColor(0xff, 0x8a, 0x80);
    return style;
}

} // namespace freshet::ui
