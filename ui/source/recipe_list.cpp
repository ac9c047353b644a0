// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/recipe_list.h"

#include <system_error>

namespace freshet::ui {

namespace {

using transfer::Recipe;

Result<std::vector<RecipeEntry>> readAll(const std::filesystem::path &folder)
{
    const auto files = transfer::recipesIn(folder);
    if (!files)
        return fail(files.error());
    std::vector<RecipeEntry> entries;
    for (const auto &file : *files) {
        RecipeEntry entry{.file = QString::fromStdString(file.string()),
                          .name = QString::fromStdString(file.filename().string())};
        entry.name.chop(static_cast<qsizetype>(Recipe::kSuffix.size()));
        if (auto recipe = Recipe::load(file)) {
            entry.request = std::move(recipe->request);
            if (!recipe->name.empty())
                entry.name = QString::fromStdString(recipe->name);
        } else {
            entry.error = std::move(recipe).error();
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

Status saveTo(const std::filesystem::path &folder, const Recipe &recipe)
{
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem)
        return fail(systemError(problem.value(), folder.string()));
    return recipe.save(transfer::recipeFile(folder, recipe.name));
}

Status removeFile(const std::filesystem::path &file)
{
    std::error_code problem;
    std::filesystem::remove(file, problem);
    return problem ? Status(fail(systemError(problem.value(), file.string()))) : Status();
}

} // namespace

RecipeList::RecipeList(std::filesystem::path folder, QObject *parent)
    : QObject(parent), m_folder(std::move(folder))
{
    refresh();
}

const RecipeEntry *RecipeList::entry(const QString &file) const
{
    for (const RecipeEntry &entry : m_entries) {
        if (entry.file == file)
            return &entry;
    }
    return nullptr;
}

void RecipeList::refresh()
{
    m_lister.runLatest([folder = m_folder] { return readAll(folder); },
                       [this](Result<std::vector<RecipeEntry>> entries) {
                           if (!entries) {
                               Q_EMIT failed(entries.error(), tr("the recipes"));
                               return;
                           }
                           m_entries = std::move(*entries);
                           Q_EMIT changed();
                       });
}

void RecipeList::save(const Recipe &recipe)
{
    m_runner.run([folder = m_folder, recipe] { return saveTo(folder, recipe); },
                 [this, name = QString::fromStdString(recipe.name)](const Status &status) {
                     if (!status)
                         Q_EMIT failed(status.error(), name);
                     else
                         Q_EMIT saved(name);
                     refresh();
                 });
}

void RecipeList::remove(const QString &file)
{
    m_runner.run([file = file.toStdString()] { return removeFile(file); },
                 [this, file](const Status &status) {
                     if (!status)
                         Q_EMIT failed(status.error(), file);
                     refresh();
                 });
}

} // namespace freshet::ui
