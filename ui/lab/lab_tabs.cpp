// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_tabs.h"

#include "dataset_tabs.h"
#include "lab/lab_tab.h"

namespace freshet::ui {

LabTabs::LabTabs(std::filesystem::path library, DatasetTabs &tabs, const Theme &theme,
                 WindowState &state, QObject *parent)
    : QObject(parent), m_library(std::move(library)), m_tabs(tabs), m_theme(theme), m_state(state)
{
    refresh();
}

LabTab *LabTabs::current() const
{
    return qobject_cast<LabTab *>(m_tabs.currentWidget());
}

LabTab *LabTabs::tabOf(const QString &sessionId) const
{
    for (int i = 0; i < m_tabs.count(); ++i) {
        auto *tab = qobject_cast<LabTab *>(m_tabs.widget(i));
        if (tab != nullptr && tab->sessionId() == sessionId)
            return tab;
    }
    return nullptr;
}

LabTab *LabTabs::add()
{
    auto *tab = new LabTab(m_library, m_theme, m_state);
    connect(tab, &LabTab::titleChanged, this, [this, tab] {
        m_tabs.setTitle(tab, tab->title());
        Q_EMIT changed();
    });
    connect(tab, &LabTab::sessionSaved, this, &LabTabs::refresh);
    connect(tab, &LabTab::failed, this, &LabTabs::failed);
    connect(tab, &LabTab::said, this, &LabTabs::said);
    m_tabs.showOther(tab, tab->title());
    return tab;
}

LabTab *LabTabs::setUp(const transfer::DownloadRequest &base)
{
    LabTab *tab = add();
    tab->setUp(base);
    tab->setFocus();
    return tab;
}

LabTab *LabTabs::open(const QString &sessionId)
{
    if (LabTab *present = tabOf(sessionId)) {
        m_tabs.showOther(present, present->title());
        return present;
    }
    LabTab *tab = add();
    tab->open(sessionId);
    return tab;
}

void LabTabs::remove(const QString &sessionId)
{
    m_runner.run([library = m_library,
                  id = sessionId.toStdString()] { return lab::removeSession(library, id); },
                 [this](const Status &removed) {
                     if (!removed)
                         Q_EMIT failed(removed.error(), tr("the lab session"));
                     refresh();
                 });
}

void LabTabs::refresh()
{
    m_lister.runLatest([library = m_library] { return lab::listSessions(library); },
                       [this](Result<std::vector<lab::SessionEntry>> entries) {
                           if (!entries) {
                               Q_EMIT failed(entries.error(), tr("the lab sessions"));
                               return;
                           }
                           m_sessions = std::move(*entries);
                           Q_EMIT sessionsChanged();
                       });
}

} // namespace freshet::ui
