// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"

#include <filesystem>
#include <string>
#include <vector>

namespace freshet::transfer {

/// A request that was given a name, to be made again: by hand, by a script, or in a comparison.
///
/// Its file is JSON text for people to read and edit, `NAME.recipe.json`; secrets are left out, see
/// `DownloadRequest::missingSecrets`.
struct Recipe
{
    std::string name;
    DownloadRequest request;

    static constexpr std::string_view kSuffix = ".recipe.json";

    /// Errors: those of the file.
    [[nodiscard]] Status save(const std::filesystem::path &file) const;
    /// Errors: SyntaxError with the byte where the text is no JSON; InvalidArgument naming what is
    /// missing; those of the file.
    [[nodiscard]] static Result<Recipe> load(const std::filesystem::path &file);
};

/// Where a library keeps its recipes.
[[nodiscard]] std::filesystem::path recipeFolder(const std::filesystem::path &library);
/// The recipes of a folder by name; files that are none are passed over. A folder that does not
/// exist has none.
[[nodiscard]] Result<std::vector<std::filesystem::path>>
recipesIn(const std::filesystem::path &folder);
/// Where a recipe of this name belongs: letters that a file's name cannot hold are replaced.
[[nodiscard]] std::filesystem::path recipeFile(const std::filesystem::path &folder,
                                               std::string_view name);

} // namespace freshet::transfer
