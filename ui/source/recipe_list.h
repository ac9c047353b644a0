// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "task_runner.h"
#include "transfer/recipe.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <optional>
#include <vector>

namespace freshet::ui {

/// A recipe of the library as it is listed. One that cannot be read is listed too, and says why.
struct RecipeEntry
{
    QString file;
    QString name;
    transfer::DownloadRequest request; ///< without secrets
    std::optional<Error> error;
};

/// The recipes of a library, which are files in a folder of it. All disk work is done on workers.
/// Threads: GUI thread only.
class RecipeList : public QObject
{
    Q_OBJECT
public:
    explicit RecipeList(std::filesystem::path folder, QObject *parent = nullptr);

    /// By name, as of the last `changed`.
    [[nodiscard]] const std::vector<RecipeEntry> &entries() const { return m_entries; }
    [[nodiscard]] const RecipeEntry *entry(const QString &file) const;
    /// Look again: files may have been put there by others.
    void refresh();
    /// Keep it under its name; a recipe of the same name is replaced. `saved` or `failed` follows.
    void save(const transfer::Recipe &recipe);
    void remove(const QString &file);

Q_SIGNALS:
    void changed();
    void saved(const QString &name);
    void failed(const freshet::Error &error, const QString &source);

private:
    std::filesystem::path m_folder;
    std::vector<RecipeEntry> m_entries;
    TaskRunner m_runner;
    TaskRunner m_lister;
};

} // namespace freshet::ui
