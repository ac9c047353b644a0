// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_tabs.h"

#include "dataset_tabs.h"
#include "lab/lab_list.h"
#include "lab/lab_tab.h"

namespace freshet::ui {

LabTabs::LabTabs(LabList &sessions, DatasetTabs &tabs, const Theme &theme, WindowState &state,
                 QObject *parent)
    : QObject(parent), m_sessions(sessions), m_tabs(tabs), m_theme(theme), m_state(state)
{
    connect(&sessions, &LabList::failed, this, &LabTabs::failed);
    connect(&sessions, &LabList::removed, this, &LabTabs::close);
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
    auto *tab = new LabTab(m_sessions, m_theme, m_state);
    connect(tab, &LabTab::titleChanged, this, [this, tab] {
        m_tabs.setTitle(tab, tab->title());
        Q_EMIT changed();
    });
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
    LabTab *tab = tabOf(sessionId);
    if (tab != nullptr) {
        m_tabs.showOther(tab, tab->title());
    } else {
        tab = add();
        tab->open(sessionId);
    }
    Q_EMIT changed();
    return tab;
}

LabTab *LabTabs::repeat(const QString &sessionId)
{
    LabTab *tab = open(sessionId);
    tab->repeat();
    return tab;
}

LabTab *LabTabs::compare(const QString &sessionId, const QString &earlierId)
{
    LabTab *tab = open(sessionId);
    tab->compareWith(earlierId);
    return tab;
}

void LabTabs::close(const QString &sessionId)
{
    LabTab *tab = tabOf(sessionId);
    if (tab != nullptr && !tab->isRunning())
        m_tabs.dropOther(tab);
}

} // namespace freshet::ui
