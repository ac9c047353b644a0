// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace freshet::ui {

class Theme;

/// The program's one style sheet, from the theme's colours and lengths.
///
/// Widgets ask for a variant by a property: `primary` (the one main button of a place), `flat`
/// (a button without a border), `link` (a button that reads as text); labels by `role`: `figure`,
/// `small`, `section`, `title`; surfaces by `surface`: `panel`, `window`, `raised`.
[[nodiscard]] QString styleSheet(const Theme &theme);

} // namespace freshet::ui
