// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_list.h"
#include "session_list.h"
#include "source/recipe_list.h"
#include "theme/icons.h"

#include <QAbstractListModel>

#include <vector>

namespace freshet::ui {

/// The library as the panel shows it: sections Running, Today, Earlier, each with its datasets,
/// then Recipes and the kept sessions of the Lab; what waits for its turn stands under Running.
/// Threads: GUI thread only. Lifetime: the lists outlive it.
class LibraryModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        IsSectionRole,
        FactRole,
        MarkRole, ///< of datasets only
        IsRecipeRole,
        IsLabRole,
        IsRunningRole,
        SourceRole,
        OfferRole,     ///< an `Offer`
        OfferTextRole, ///< empty: no offer
    };
    /// What an entry lets itself be clicked for, beside being opened.
    enum class Offer { None, Resume, Dequeue, Get, Open };

    LibraryModel(SessionList &sessions, RecipeList &recipes, LabList &labs,
                 QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Asks for a new name; the model follows when the library has it.
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    [[nodiscard]] QModelIndex indexOf(const QString &id) const;

private:
    enum class Kind { Dataset, Recipe, Lab };
    struct Entry
    {
        QString id; ///< empty: a section; of a recipe its file
        QString name;
        QString fact;
        QString source;
        Mark mark = Mark::Ended;
        bool isRunning = false;
        Kind kind = Kind::Dataset;
        Offer offer = Offer::None;
        QString offerText;

        bool operator==(const Entry &) const = default;
    };

    void rebuild();
    void updateRunning(DatasetSession *session);
    [[nodiscard]] std::vector<Entry> entriesOfQueue() const;
    [[nodiscard]] static Entry entryOf(const store::DatasetRecord &record);
    [[nodiscard]] static Entry entryOf(const DatasetSession &session);
    [[nodiscard]] static Entry entryOf(const RecipeEntry &recipe);
    [[nodiscard]] static Entry entryOf(const lab::SessionEntry &session);

    SessionList &m_sessions;
    RecipeList &m_recipes;
    LabList &m_labs;
    std::vector<Entry> m_entries;
};

} // namespace freshet::ui
