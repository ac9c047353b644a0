// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transfer/download_request.h"

namespace freshet::cli {

/// The request that the other options change: that of --recipe, else one with defaults. A recipe is
/// a file, or the name of one in the library. Errors: those of `Recipe::load`.
[[nodiscard]] Result<transfer::DownloadRequest> recipeRequestFrom(const Arguments &arguments);
/// Errors: InvalidArgument naming each secret that the recipe left out and nobody gave.
[[nodiscard]] Status checkSecretsGiven(const transfer::DownloadRequest &request);
/// Keep `request` where --save-recipe says: in a file, or under a name in the library.
/// Errors: those of the file.
[[nodiscard]] Status saveRecipe(const Arguments &arguments,
                                const transfer::DownloadRequest &request);

} // namespace freshet::cli
