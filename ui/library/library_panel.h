// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QListView;
class QMenu;
class QModelIndex;

namespace freshet::ui {

class LabList;
class LibraryModel;
class RecipeList;
class RemoveQuestion;
class SessionList;
class Theme;

/// The panel at the left: every dataset there is, with what became of it, the recipes and the kept
/// sessions of the lab. Selecting a dataset opens it, activating a recipe shows its source, a lab
/// session its result; their menus do the rest. Removing asks once, in a strip under the list.
class LibraryPanel : public QWidget
{
    Q_OBJECT
public:
    LibraryPanel(SessionList &sessions, RecipeList &recipes, LabList &labs, const Theme &theme,
                 QWidget *parent = nullptr);

    /// Show which dataset is in front, without opening it.
    void setCurrent(const QString &id);
    [[nodiscard]] QString current() const;
    /// Edit the name in place.
    void startRename(const QString &id);
    void askToRemove(const QString &id);
    /// The same for a dataset in whose place another has come.
    void askToRemoveReplaced(const QString &id, const QString &oldId);
    /// Take the question back. Output: whether there was one.
    bool dismissQuestion();

Q_SIGNALS:
    void openRequested(const QString &id);
    void exportRequested(const QString &id);
    void resumeRequested(const QString &id);
    void fetchNewRequested(const QString &id);
    /// Of a recipe, by its file.
    void recipeRequested(const QString &file);
    void recipeGetRequested(const QString &file);
    void recipeCopyRequested(const QString &file);
    /// A session of the lab is to be shown, run once more, held against an earlier one.
    void labRequested(const QString &id);
    void labRepeatRequested(const QString &id);
    void labCompareRequested(const QString &id, const QString &earlierId);

private:
    void open(const QString &id);
    void showMenu(const QPoint &position);
    void addRecipeActions(QMenu *menu, const QString &file);
    void addLabActions(QMenu *menu, const QString &id);
    void addDatasetActions(QMenu *menu, const QModelIndex &index);
    void activate(const QModelIndex &index);
    void removeForGood(const QString &id);
    [[nodiscard]] QString questionFor(const QModelIndex &index) const;
    void addTransferActions(QMenu *menu, const QString &id);
    void takeOffer(const QString &id);
    [[nodiscard]] bool mayHaveNews(const QString &id) const;
    void restoreCurrent();

    SessionList &m_sessions;
    RecipeList &m_recipes;
    LabList &m_labs;
    LibraryModel *m_model;
    QListView *m_view;
    QLabel *m_empty;
    RemoveQuestion *m_question;
    QString m_current;
    bool m_isRestoring = false;
};

} // namespace freshet::ui
