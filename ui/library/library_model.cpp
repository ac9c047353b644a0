// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "library/library_model.h"

#include "text/dataset_text.h"
#include "text/lab_text.h"
#include "text/resume_text.h"
#include "text/source_text.h"

namespace freshet::ui {

LibraryModel::LibraryModel(SessionList &sessions, RecipeList &recipes, LabList &labs,
                           QObject *parent)
    : QAbstractListModel(parent), m_sessions(sessions), m_recipes(recipes), m_labs(labs)
{
    connect(&labs, &LabList::changed, this, &LibraryModel::rebuild);
    connect(&recipes, &RecipeList::changed, this, &LibraryModel::rebuild);
    connect(&sessions, &SessionList::recordsChanged, this, &LibraryModel::rebuild);
    connect(&sessions, &SessionList::started, this, &LibraryModel::rebuild);
    connect(&sessions, &SessionList::wentOn, this, &LibraryModel::rebuild);
    connect(&sessions, &SessionList::queueChanged, this, &LibraryModel::rebuild);
    connect(&sessions, &SessionList::ticked, this, &LibraryModel::updateRunning);
    rebuild();
}

LibraryModel::Entry LibraryModel::entryOf(const store::DatasetRecord &record)
{
    Entry entry{.id = QString::fromStdString(record.id),
                .name = QString::fromStdString(record.name),
                .fact = factLine(record),
                .source = QString::fromStdString(record.source),
                .mark = markOf(record)};
    if (canResume(record)) {
        entry.offer = Offer::Resume;
        entry.offerText = resumeWord(record);
    }
    return entry;
}

LibraryModel::Entry LibraryModel::entryOf(const DatasetSession &session)
{
    return {.id = session.id(),
            .name = session.name(),
            .fact = factLine(*session.progress()),
            .source = session.source(),
            .mark = markOf(*session.progress()),
            .isRunning = true};
}

LibraryModel::Entry LibraryModel::entryOf(const RecipeEntry &recipe)
{
    Entry entry{.id = recipe.file,
                .name = recipe.name,
                .fact = recipeFact(recipe),
                .source = QString::fromStdString(recipe.request.bytes.url),
                .kind = Kind::Recipe};
    if (!recipe.error) {
        entry.offer = Offer::Get;
        entry.offerText = tr("Get");
    }
    return entry;
}

LibraryModel::Entry LibraryModel::entryOf(const lab::SessionEntry &session)
{
    return {.id = QString::fromStdString(session.id),
            .name = QString::fromStdString(session.name),
            .fact = labFact(session),
            .source = QString::fromStdString(session.source),
            .kind = Kind::Lab,
            .offer = Offer::Open,
            .offerText = tr("Open")};
}

std::vector<LibraryModel::Entry> LibraryModel::entriesOfQueue() const
{
    std::vector<Entry> entries;
    for (const auto &[key, order] : m_sessions.queue().waiting())
        entries.push_back({.id = key,
                           .name = order.name,
                           .fact = markWord(Mark::Queued),
                           .source = order.source,
                           .mark = Mark::Queued,
                           .offer = Offer::Dequeue,
                           .offerText = tr("Cancel")});
    return entries;
}

void LibraryModel::rebuild()
{
    const QDate today = QDate::currentDate();
    std::vector<Entry> running;
    std::vector<Entry> recent;
    std::vector<Entry> earlier;
    for (auto *session : m_sessions.running())
        running.push_back(entryOf(*session));
    auto queued = entriesOfQueue();
    std::move(queued.begin(), queued.end(), std::back_inserter(running));
    for (const auto &record : m_sessions.records()) {
        const auto id = QString::fromStdString(record.id);
        const auto *session = m_sessions.session(id);
        if ((session != nullptr && session->isRunning()) || m_sessions.queue().isWaiting(id))
            continue;
        const bool isToday = toDateTime(record.created).date() == today;
        (isToday ? recent : earlier).push_back(entryOf(record));
    }
    std::vector<Entry> entries;
    const auto add = [&entries](const QString &title, std::vector<Entry> &section) {
        if (section.empty())
            return;
        entries.push_back({.name = title});
        std::move(section.begin(), section.end(), std::back_inserter(entries));
    };
    add(tr("Running"), running);
    add(tr("Today"), recent);
    add(tr("Earlier"), earlier);
    std::vector<Entry> recipes;
    for (const RecipeEntry &recipe : m_recipes.entries())
        recipes.push_back(entryOf(recipe));
    add(tr("Recipes"), recipes);
    std::vector<Entry> labs;
    for (const lab::SessionEntry &session : m_labs.entries())
        labs.push_back(entryOf(session));
    add(tr("Lab"), labs);
    if (entries == m_entries)
        return;
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

void LibraryModel::updateRunning(DatasetSession *session)
{
    const QModelIndex index = indexOf(session->id());
    if (!index.isValid())
        return;
    Entry &entry = m_entries[static_cast<std::size_t>(index.row())];
    Entry updated = entryOf(*session);
    if (entry == updated)
        return;
    entry = std::move(updated);
    Q_EMIT dataChanged(index, index);
}

int LibraryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant LibraryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Entry &entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return entry.name;
    case Qt::AccessibleTextRole:
        return entry.id.isEmpty() ? entry.name : entry.name + QStringLiteral(", ") + entry.fact;
    case IdRole:
        return entry.id;
    case IsSectionRole:
        return entry.id.isEmpty();
    case FactRole:
        return entry.fact;
    case MarkRole:
        return entry.kind == Kind::Dataset ? QVariant(static_cast<int>(entry.mark)) : QVariant();
    case IsRecipeRole:
        return entry.kind == Kind::Recipe;
    case IsLabRole:
        return entry.kind == Kind::Lab;
    case IsRunningRole:
        return entry.isRunning;
    case SourceRole:
        return entry.source;
    case OfferRole:
        return QVariant::fromValue(entry.offer);
    case OfferTextRole:
        return entry.offerText;
    case Qt::ToolTipRole:
        return entry.id.isEmpty() ? QVariant()
                                  : QVariant(entry.name + QLatin1Char('\n') + entry.fact +
                                             QLatin1Char('\n') + entry.source);
    default:
        return {};
    }
}

Qt::ItemFlags LibraryModel::flags(const QModelIndex &index) const
{
    if (!index.isValid() || index.data(IsSectionRole).toBool())
        return Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    const Entry &entry = m_entries[static_cast<std::size_t>(index.row())];
    return entry.kind == Kind::Dataset ? flags | Qt::ItemIsEditable : flags;
}

bool LibraryModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const QString name = value.toString().simplified();
    if (role != Qt::EditRole || name.isEmpty() || name == index.data(Qt::EditRole).toString())
        return false;
    m_sessions.rename(index.data(IdRole).toString(), name);
    return true;
}

QModelIndex LibraryModel::indexOf(const QString &id) const
{
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (!id.isEmpty() && m_entries[i].id == id)
            return index(static_cast<int>(i));
    }
    return {};
}

} // namespace freshet::ui
