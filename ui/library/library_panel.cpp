// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "library/library_panel.h"

#include "lab/lab_list.h"
#include "library/library_delegate.h"
#include "library/library_model.h"
#include "library/remove_question.h"
#include "text/resume_text.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QItemSelectionModel>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

namespace {

bool isDataset(const QModelIndex &index)
{
    return !index.data(LibraryModel::IsRecipeRole).toBool() &&
           !index.data(LibraryModel::IsLabRole).toBool();
}

} // namespace

LibraryPanel::LibraryPanel(SessionList &sessions, RecipeList &recipes, LabList &labs,
                           const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_sessions(sessions),
      m_recipes(recipes),
      m_labs(labs),
      m_model(new LibraryModel(sessions, recipes, labs, this)),
      m_view(new QListView),
      m_empty(new QLabel),
      m_question(new RemoveQuestion(theme))
{
    setProperty("surface", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_view->setModel(m_model);
    auto *delegate = new LibraryDelegate(theme, m_view);
    m_view->setItemDelegate(delegate);
    m_view->setProperty("bare", true);
    m_view->setMouseTracking(true);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setAccessibleName(tr("Library"));
    m_view->setMinimumWidth(theme.px(120));
    setFocusProxy(m_view);

    m_empty->setText(tr("Datasets you fetch are kept here."));
    m_empty->setProperty("role", QStringLiteral("small"));
    m_empty->setWordWrap(true);
    m_empty->setMargin(theme.px(14));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme.px(6), 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_empty);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_question);

    connect(m_view, &QListView::customContextMenuRequested, this, &LibraryPanel::showMenu);
    connect(delegate, &LibraryDelegate::offerTaken, this, [this](const QModelIndex &index) {
        takeOffer(index.data(LibraryModel::IdRole).toString());
    });
    connect(m_view, &QListView::activated, this, &LibraryPanel::activate);
    connect(m_question, &RemoveQuestion::confirmed, this, &LibraryPanel::removeForGood);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                if (m_isRestoring || !index.isValid())
                    return;
                if (!isDataset(index))
                    return;
                m_current = index.data(LibraryModel::IdRole).toString();
                open(m_current);
            });
    // A reset takes current and selection away; neither is the user's doing.
    connect(m_model, &QAbstractItemModel::modelAboutToBeReset, this,
            [this] { m_isRestoring = true; });
    connect(m_model, &QAbstractItemModel::modelReset, this, &LibraryPanel::restoreCurrent);
    restoreCurrent();
}

void LibraryPanel::activate(const QModelIndex &index)
{
    const QString id = index.data(LibraryModel::IdRole).toString();
    if (index.data(LibraryModel::IsRecipeRole).toBool())
        Q_EMIT recipeRequested(id);
    else if (index.data(LibraryModel::IsLabRole).toBool())
        Q_EMIT labRequested(id);
    else
        open(id);
}

void LibraryPanel::open(const QString &id)
{
    // What waits for its turn and is no dataset yet has nothing to show.
    if (!m_sessions.queue().isNew(id))
        Q_EMIT openRequested(id);
}

void LibraryPanel::takeOffer(const QString &id)
{
    const QModelIndex index = m_model->indexOf(id);
    const auto offer = index.data(LibraryModel::OfferRole).value<LibraryModel::Offer>();
    if (offer == LibraryModel::Offer::Resume)
        Q_EMIT resumeRequested(id);
    else if (offer == LibraryModel::Offer::Dequeue)
        m_sessions.dequeue(id);
    else if (offer == LibraryModel::Offer::Get)
        Q_EMIT recipeGetRequested(id);
    else if (offer == LibraryModel::Offer::Open)
        activate(index);
}

void LibraryPanel::removeForGood(const QString &id)
{
    const QModelIndex index = m_model->indexOf(id);
    if (index.data(LibraryModel::IsRecipeRole).toBool())
        m_recipes.remove(id);
    else if (index.data(LibraryModel::IsLabRole).toBool())
        m_labs.remove(id);
    else
        m_sessions.remove(id);
}

void LibraryPanel::setCurrent(const QString &id)
{
    m_current = id;
    restoreCurrent();
}

QString LibraryPanel::current() const
{
    return m_current;
}

void LibraryPanel::restoreCurrent()
{
    m_isRestoring = true;
    m_empty->setVisible(m_model->rowCount() == 0);
    const QModelIndex index = m_model->indexOf(m_current);
    if (index.isValid()) {
        m_view->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
        m_view->scrollTo(index);
    } else {
        m_view->selectionModel()->clear();
    }
    m_isRestoring = false;
}

void LibraryPanel::startRename(const QString &id)
{
    if (const QModelIndex index = m_model->indexOf(id); index.isValid())
        m_view->edit(index);
}

QString LibraryPanel::questionFor(const QModelIndex &index) const
{
    const QString name = index.data().toString();
    const QString fact = index.data(LibraryModel::FactRole).toString();
    if (index.data(LibraryModel::IsRecipeRole).toBool())
        return tr("Remove the recipe “%1” for good?").arg(name);
    if (index.data(LibraryModel::IsLabRole).toBool())
        return tr("Remove the lab session “%1” and its figures for good? (%2)").arg(name, fact);
    return tr("Remove “%1” and its file for good? (%2)").arg(name, fact);
}

void LibraryPanel::askToRemove(const QString &id)
{
    const QModelIndex index = m_model->indexOf(id);
    if (!index.isValid())
        return;
    m_question->ask(id, questionFor(index));
}

void LibraryPanel::askToRemoveReplaced(const QString &id, const QString &oldId)
{
    const auto *session = m_sessions.session(id);
    const QModelIndex old = m_model->indexOf(oldId);
    if (session == nullptr || !old.isValid())
        return;
    m_question->ask(oldId, tr("“%1” is complete. %2").arg(session->name(), questionFor(old)),
                    false);
}

bool LibraryPanel::dismissQuestion()
{
    return m_question->dismiss();
}

void LibraryPanel::addTransferActions(QMenu *menu, const QString &id)
{
    DatasetSession *session = m_sessions.session(id);
    if (session == nullptr || !session->isRunning())
        return;
    // Looked up again when it is clicked: the download may be over by then.
    const auto add = [this, menu, id](const QString &text, void (DatasetSession::*command)()) {
        menu->addAction(text, this, [this, id, command] {
            if (DatasetSession *now = m_sessions.session(id))
                (now->*command)();
        });
    };
    switch (session->progress()->state) {
    case transfer::TransferState::Receiving:
        add(tr("Pause"), &DatasetSession::pause);
        break;
    case transfer::TransferState::Paused:
        add(tr("Continue"), &DatasetSession::unpause);
        break;
    case transfer::TransferState::WaitingToRetry:
        add(tr("Try now"), &DatasetSession::retryNow);
        break;
    default:
        break;
    }
    add(tr("Stop"), &DatasetSession::cancel);
    menu->addSeparator();
}

bool LibraryPanel::mayHaveNews(const QString &id) const
{
    const auto &records = m_sessions.records();
    const auto found = std::ranges::find(records, id.toStdString(), &store::DatasetRecord::id);
    return found != records.end() && canFetchNew(*found);
}

void LibraryPanel::addRecipeActions(QMenu *menu, const QString &file)
{
    menu->addAction(tr("Edit source…"), this, [this, file] { Q_EMIT recipeRequested(file); });
    menu->addAction(tr("Copy as a freshet-cli command"), this,
                    [this, file] { Q_EMIT recipeCopyRequested(file); });
    menu->addAction(tr("Copy path of its file"), this,
                    [file] { QGuiApplication::clipboard()->setText(file); });
    menu->addSeparator();
    menu->addAction(tr("Remove…"), this, [this, file] { askToRemove(file); });
}

void LibraryPanel::showMenu(const QPoint &position)
{
    const QModelIndex index = m_view->indexAt(position);
    const QString id = index.data(LibraryModel::IdRole).toString();
    if (id.isEmpty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const QString word = index.data(LibraryModel::OfferTextRole).toString(); !word.isEmpty()) {
        menu->addAction(word, this, [this, id] { takeOffer(id); });
        menu->addSeparator();
    }
    if (index.data(LibraryModel::IsRecipeRole).toBool())
        addRecipeActions(menu, id);
    else if (index.data(LibraryModel::IsLabRole).toBool())
        addLabActions(menu, id);
    else if (!m_sessions.queue().isNew(id))
        addDatasetActions(menu, index);
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

void LibraryPanel::addLabActions(QMenu *menu, const QString &id)
{
    menu->addAction(tr("Run again"), this, [this, id] { Q_EMIT labRepeatRequested(id); });
    const auto *before = m_labs.before(id);
    const QString earlier = before == nullptr ? QString() : QString::fromStdString(before->id);
    menu->addAction(tr("Compare with the one before"), this,
                    [this, id, earlier] { Q_EMIT labCompareRequested(id, earlier); })
        ->setEnabled(!earlier.isEmpty());
    menu->addAction(tr("Copy path of its file"), this, [this, id] {
        if (const auto *session = m_labs.entry(id))
            QGuiApplication::clipboard()->setText(QString::fromStdString(session->file.string()));
    });
    menu->addSeparator();
    menu->addAction(tr("Remove…"), this, [this, id] { askToRemove(id); });
}

void LibraryPanel::addDatasetActions(QMenu *menu, const QModelIndex &index)
{
    const QString id = index.data(LibraryModel::IdRole).toString();
    addTransferActions(menu, id);
    const bool isRunning = index.data(LibraryModel::IsRunningRole).toBool();
    menu->addAction(tr("Open"), this, [this, id] { open(id); });
    menu->addAction(tr("Fetch what is new…"), this, [this, id] { Q_EMIT fetchNewRequested(id); })
        ->setEnabled(!isRunning && mayHaveNews(id));
    menu->addAction(tr("Rename"), this, [this, id] { startRename(id); })->setEnabled(!isRunning);
    menu->addAction(tr("Export…"), this, [this, id] { Q_EMIT exportRequested(id); });
    menu->addSeparator();
    menu->addAction(tr("Copy source"), this,
                    [source = index.data(LibraryModel::SourceRole).toString()] {
                        QGuiApplication::clipboard()->setText(source);
                    });
    menu->addAction(tr("Copy path of its folder"), this, [this, id] {
        const auto folder = m_sessions.library()->folder() / "datasets" / id.toStdString();
        QGuiApplication::clipboard()->setText(QString::fromStdString(folder.string()));
    });
    menu->addSeparator();
    menu->addAction(tr("Remove…"), this, [this, id] { askToRemove(id); });
}

} // namespace freshet::ui
