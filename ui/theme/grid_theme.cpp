// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/grid_theme.h"

#include "theme/theme.h"

namespace freshet::ui {

GridStyle gridStyleOf(const Theme &theme)
{
    const Tokens &tokens = theme.tokens();
    GridStyle style = theme.scheme() == Scheme::Light ? GridStyle::light() : GridStyle::dark();
    style.panel = tokens.panel;
    style.header = tokens.raised;
    style.line = tokens.line;
    style.text = tokens.text;
    style.dimText = tokens.dimText;
    style.faint = tokens.faint;
    style.accent = tokens.accent;
    style.selection = tokens.selection;
    style.failed = tokens.failed;
    return style;
}

} // namespace freshet::ui
