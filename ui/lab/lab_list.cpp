// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_list.h"

#include <algorithm>

namespace freshet::ui {

LabList::LabList(std::filesystem::path library, QObject *parent)
    : QObject(parent), m_library(std::move(library))
{
    refresh();
}

const lab::SessionEntry *LabList::entry(const QString &id) const
{
    const auto found = std::ranges::find(m_entries, id.toStdString(), &lab::SessionEntry::id);
    return found == m_entries.end() ? nullptr : &*found;
}

const lab::SessionEntry *LabList::before(const QString &id) const
{
    const auto now = std::ranges::find(m_entries, id.toStdString(), &lab::SessionEntry::id);
    if (now == m_entries.end())
        return nullptr;
    const auto found =
        std::find_if(std::next(now), m_entries.end(),
                     [&now](const lab::SessionEntry &older) { return older.name == now->name; });
    return found == m_entries.end() ? nullptr : &*found;
}

void LabList::refresh()
{
    m_lister.runLatest([library = m_library] { return lab::listSessions(library); },
                       [this](Result<std::vector<lab::SessionEntry>> entries) {
                           if (!entries) {
                               Q_EMIT failed(entries.error(), tr("the lab sessions"));
                               return;
                           }
                           m_entries = std::move(*entries);
                           Q_EMIT changed();
                       });
}

void LabList::remove(const QString &id)
{
    Q_EMIT removed(id);
    m_runner.run(
        [library = m_library, id = id.toStdString()] { return lab::removeSession(library, id); },
        [this](const Status &status) {
            if (!status)
                Q_EMIT failed(status.error(), tr("the lab session"));
            refresh();
        });
}

} // namespace freshet::ui
