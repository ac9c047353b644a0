// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/recipe_list.h"

namespace freshet::ui {

/// The line under a recipe's name: `JSON · api.example.com`, or why it cannot be read.
[[nodiscard]] QString recipeFact(const RecipeEntry &recipe);

} // namespace freshet::ui
