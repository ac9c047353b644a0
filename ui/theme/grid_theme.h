// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_style.h"

namespace freshet::ui {

class Theme;

/// The theme's colours as grid and inspector take them.
[[nodiscard]] GridStyle gridStyleOf(const Theme &theme);

} // namespace freshet::ui
