// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "actions.h"
#include "dataset_tab.h"
#include "dataset_tabs.h"
#include "library/library_panel.h"
#include "main_window.h"
#include "request_bar.h"
#include "source/recipe_list.h"
#include "source/source_commands.h"
#include "source/source_dialog.h"
#include "status_line.h"
#include "transfer/request_secrets.h"

namespace freshet::ui {

void MainWindow::connectSources()
{
    connect((*m_actions)[ActionId::NewSource], &QAction::triggered, this,
            [this] { editSource({}); });
    connect((*m_actions)[ActionId::EditSource], &QAction::triggered, this,
            [this] { editSource(m_request->request()); });
    connect(m_request, &RequestBar::sourceRequested, this,
            [this] { editSource(m_request->request()); });
    connect(m_tabs, &DatasetTabs::sourceRequested, this,
            [this](DatasetTab *tab) { editSource(tab->session()->request()); });
    connect(m_library, &LibraryPanel::recipeRequested, this, &MainWindow::editRecipe);
    connect(m_library, &LibraryPanel::recipeGetRequested, this, &MainWindow::getRecipe);
    connect(m_library, &LibraryPanel::recipeCopyRequested, this, [this](const QString &file) {
        const RecipeEntry *recipe = m_recipes->entry(file);
        if (recipe == nullptr)
            return;
        const auto said = copyAsCommand(recipe->request, CommandForm::FreshetCli);
        if (said)
            m_status->say(*said);
        else
            showError(said.error(), recipe->name);
    });
    connect(m_recipes, &RecipeList::saved, this,
            [this](const QString &name) { m_status->say(tr("Saved as recipe “%1”").arg(name)); });
    connect(m_recipes, &RecipeList::failed, this, &MainWindow::showError);
}

void MainWindow::editSource(const transfer::DownloadRequest &request, const QString &recipe)
{
    // A name belongs to one dataset; the next one is given its own.
    transfer::DownloadRequest unnamed = request;
    unnamed.name.clear();
    auto *dialog = new SourceDialog(unnamed, recipe, m_theme, this);
    connect(dialog, &SourceDialog::applied, m_request, &RequestBar::setRequest);
    connect(dialog, &SourceDialog::getRequested, this,
            [this](const transfer::DownloadRequest &made) {
                m_request->setRequest(made);
                get(made);
            });
    connect(dialog, &SourceDialog::recipeMade, m_recipes, &RecipeList::save);
    dialog->show();
}

void MainWindow::editRecipe(const QString &file)
{
    const RecipeEntry *recipe = m_recipes->entry(file);
    if (recipe == nullptr)
        return;
    if (recipe->error)
        showError(*recipe->error, recipe->file);
    else
        editSource(recipe->request, recipe->name);
}

void MainWindow::getRecipe(const QString &file)
{
    const RecipeEntry *recipe = m_recipes->entry(file);
    if (recipe == nullptr || recipe->error)
        return;
    // Secrets are asked for where the request can be seen.
    if (!transfer::missingSecrets(recipe->request).isEmpty()) {
        editRecipe(file);
        return;
    }
    transfer::DownloadRequest request = recipe->request;
    if (request.name.empty())
        request.name = recipe->name.toStdString();
    get(request);
}

} // namespace freshet::ui
