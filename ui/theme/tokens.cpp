// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"

namespace freshet::ui {

const Tokens &tokensOf(Scheme scheme)
{
    static const Tokens light{
        .window = QColor(0xf6f7f9),
        .panel = QColor(0xffffff),
        .raised = QColor(0xf3f5f8),
        .line = QColor(0xe1e5ea),
        .control = QColor(0xd3d9e0),
        .text = QColor(0x1b2430),
        .dimText = QColor(0x576374),
        .faint = QColor(0x627082),
        .accent = QColor(0x1f6feb),
        .accentText = QColor(0xffffff),
        .link = QColor(0x1a5fd0),
        .accentTint = QColor(0xe8f0fe),
        .verified = QColor(0x177545),
        .verifiedTint = QColor(0xe6f4ec),
        .warning = QColor(0x9a5800),
        .warningTint = QColor(0xfdf1dd),
        .failed = QColor(0xb3261e),
        .failedTint = QColor(0xfdecea),
        .selection = QColor(0xdbe8fd),
    };
    static const Tokens dark{
        .window = QColor(0x14181d),
        .panel = QColor(0x1b2026),
        .raised = QColor(0x20262d),
        .line = QColor(0x2b323b),
        .control = QColor(0x3a434e),
        .text = QColor(0xe4e9ef),
        .dimText = QColor(0x9aa6b5),
        .faint = QColor(0x8793a1),
        .accent = QColor(0x6aa4ff),
        .accentText = QColor(0x0d1b33),
        .link = QColor(0x6aa4ff),
        .accentTint = QColor(0x1d2d47),
        .verified = QColor(0x5cc990),
        .verifiedTint = QColor(0x173325),
        .warning = QColor(0xf0b458),
        .warningTint = QColor(0x3a2c12),
        .failed = QColor(0xff8a80),
        .failedTint = QColor(0x3d1f1d),
        .selection = QColor(0x22385a),
    };
    return scheme == Scheme::Light ? light : dark;
}

} // namespace freshet::ui
