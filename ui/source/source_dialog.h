// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/source_kind.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "transfer/recipe.h"

#include <QDialog>

class QLayout;
class QPushButton;
class QTabWidget;

namespace freshet::ui {

class KindList;
class NoticeLine;
class TrialView;

/// Everything that a request can say: at the left its kind, beside it the pages that fit this kind
/// and nothing else, below them a trial of it.
///
/// What was entered for one kind is there again when the user comes back to it; the request that is
/// made of it holds only what fits. Threads: GUI thread only.
class SourceDialog : public QDialog
{
    Q_OBJECT
public:
    /// `recipe`: the name of the recipe that the request was taken from; empty: none.
    SourceDialog(const transfer::DownloadRequest &request, const QString &recipe,
                 const Theme &theme, QWidget *parent);

    /// What the dialog asks for now.
    [[nodiscard]] transfer::DownloadRequest request() const;
    void setRequest(const transfer::DownloadRequest &request);
    [[nodiscard]] const SourceKind &kind() const { return *m_kind; }
    void chooseKind(const SourceKind &kind);
    [[nodiscard]] const std::vector<SourcePage *> &pages() const { return m_pages; }
    [[nodiscard]] TrialView &trialView() const { return *m_trial; }
    /// Make the request for its first rows, if nothing hinders it.
    void tryRequest();

Q_SIGNALS:
    /// The request is to be what the request bar shows.
    void applied(const freshet::transfer::DownloadRequest &request);
    void getRequested(const freshet::transfer::DownloadRequest &request);
    void recipeMade(const freshet::transfer::Recipe &recipe);

private:
    void build();
    [[nodiscard]] QLayout *buildButtons();
    [[nodiscard]] QPushButton *copyButton();
    void saveRecipe();
    void showKind(const SourceKind &kind);
    void orderFocus();
    void keepShown();
    /// Show the first page that is not as it must be, and why. Output: whether there is none.
    bool isReady();
    void showNotice(Mark mark, const QString &sentence);
    void wasEdited();

    const Theme &m_theme;
    transfer::DownloadRequest m_draft; ///< what was entered for any kind
    const SourceKind *m_kind = nullptr;
    std::vector<SourcePage *> m_pages;
    KindList *m_kinds;
    QTabWidget *m_tabs;
    NoticeLine *m_notice;
    TrialView *m_trial;
    QString m_recipe;
};

} // namespace freshet::ui
