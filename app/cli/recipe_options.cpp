// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/recipe_options.h"

#include "cli/library_folder.h"
#include "transfer/recipe.h"
#include "transfer/request_secrets.h"

#include <filesystem>
#include <system_error>

namespace freshet::cli {

namespace {

using transfer::Recipe;

/// A bare word names a recipe of the library; everything else is a path.
bool isName(const std::string &text)
{
    return text.find('/') == std::string::npos && !text.ends_with(".json");
}

Result<std::filesystem::path> recipeInLibrary(const Arguments &arguments, const std::string &name)
{
    const auto folder = libraryFolder(arguments);
    if (!folder)
        return fail(folder.error());
    return transfer::recipeFile(transfer::recipeFolder(*folder), name);
}

Result<std::filesystem::path> fileOf(const Arguments &arguments, const std::string &text)
{
    std::error_code ignored;
    if (!isName(text) || std::filesystem::is_regular_file(text, ignored))
        return std::filesystem::path(text);
    return recipeInLibrary(arguments, text);
}

} // namespace

Result<transfer::DownloadRequest> recipeRequestFrom(const Arguments &arguments)
{
    const auto given = arguments.value("recipe");
    if (!given)
        return transfer::DownloadRequest();
    const auto file = fileOf(arguments, *given);
    if (!file)
        return fail(file.error());
    auto recipe = Recipe::load(*file);
    if (!recipe)
        return fail(std::move(recipe).error());
    if (recipe->request.name.empty())
        recipe->request.name = recipe->name;
    return std::move(recipe->request);
}

Status checkSecretsGiven(const transfer::DownloadRequest &request)
{
    const auto missing = transfer::missingSecrets(request);
    std::string sentence;
    for (const auto &name : missing.headers)
        sentence += (sentence.empty() ? "" : ", ") + ("-H '" + name + ": …'");
    if (!missing.parameters.empty()) {
        sentence += sentence.empty() ? "the whole URL with " : ", and the whole URL with ";
        for (std::size_t i = 0; i < missing.parameters.size(); ++i)
            sentence += (i == 0 ? "" : ", ") + missing.parameters[i];
    }
    for (const auto &origin : missing.logins)
        sentence += (sentence.empty() ? "" : ", ") + ("the login in an address at " + origin);
    if (sentence.empty())
        return {};
    return fail(ErrorCode::InvalidArgument, "the recipe holds no secrets: give " + sentence);
}

Status saveRecipe(const Arguments &arguments, const transfer::DownloadRequest &request)
{
    const auto given = arguments.value("save-recipe");
    if (!given)
        return {};
    std::filesystem::path file = *given;
    std::string name = file.filename().string();
    if (isName(*given)) {
        auto inLibrary = recipeInLibrary(arguments, *given);
        if (!inLibrary)
            return fail(std::move(inLibrary).error());
        file = std::move(*inLibrary);
        std::error_code problem;
        std::filesystem::create_directories(file.parent_path(), problem);
        if (problem)
            return fail(systemError(problem.value(), file.parent_path().string()));
    } else {
        name = name.substr(0, name.find('.'));
    }
    return Recipe{.name = name, .request = request}.save(file);
}

} // namespace freshet::cli
