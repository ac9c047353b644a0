// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_plan.h"
#include "task_runner.h"

#include <QScrollArea>

#include <filesystem>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;
class QVBoxLayout;

namespace freshet::ui {

class ChoiceRow;
class Theme;

/// Where a lab session is set up: one source in many ways, or recipes against each other. What is
/// chosen is a plan at every moment, so that the list beside it shows the variants as they become.
/// Threads: GUI thread only.
class SetupPage : public QScrollArea
{
    Q_OBJECT
public:
    explicit SetupPage(const Theme &theme, QWidget *parent = nullptr);

    /// Start from this request; its URL may be empty.
    void setBase(const transfer::DownloadRequest &request);
    /// Offer the recipes of a folder.
    void offerRecipes(const std::filesystem::path &folder);
    /// Show a plan that was made earlier. Its variants stay as they are until a choice is made.
    void setPlan(const lab::LabPlan &plan);
    /// What is chosen. Errors: the choice that makes no sense.
    [[nodiscard]] Result<lab::LabPlan> plan() const;

Q_SIGNALS:
    void changed();
    void startRequested();
    void failed(const freshet::Error &error, const QString &source);

private:
    QWidget *buildSource();
    QWidget *buildVariants();
    QWidget *buildRuns();
    /// A part of the page under a title of its own.
    QVBoxLayout *addPart(const QString &title);
    void tell();
    void hideLogin();
    void choose();
    [[nodiscard]] lab::VariantChoices choices() const;
    [[nodiscard]] std::vector<std::int64_t> pageSizes() const;
    void updateFonts();

    const Theme &m_theme;
    transfer::DownloadRequest m_base;
    std::optional<transfer::UrlLogin> m_login; ///< that stood in the URL, for its origin only
    std::vector<lab::Variant> m_kept;          ///< of a plan that is made again
    QLineEdit *m_url;
    QLineEdit *m_name;
    ChoiceRow *m_formats;
    ChoiceRow *m_encodings;
    ChoiceRow *m_versions;
    ChoiceRow *m_pagesRow;
    QLineEdit *m_pages;
    ChoiceRow *m_recipesRow;
    std::vector<transfer::Recipe> m_recipes;
    QSpinBox *m_runs;
    QCheckBox *m_warmUp;
    QComboBox *m_connections;
    QComboBox *m_rows;
    QLabel *m_summary;
    QList<QLabel *> m_titles;
    TaskRunner m_runner;
};

} // namespace freshet::ui
