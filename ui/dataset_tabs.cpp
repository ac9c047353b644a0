// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset_tabs.h"

#include "dataset_tab.h"
#include "dialogs/small_dialogs.h"
#include "session_list.h"
#include "text/mnemonic.h"

#include <QMenu>
#include <QPointer>
#include <QTabBar>

namespace freshet::ui {

DatasetTabs::DatasetTabs(SessionList &sessions, const Theme &theme, WindowState &state,
                         QWidget *parent)
    : QTabWidget(parent), m_sessions(sessions), m_theme(theme), m_state(state)
{
    setDocumentMode(true);
    setTabsClosable(true);
    setMovable(true);
    tabBar()->setElideMode(Qt::ElideMiddle);
    tabBar()->setExpanding(false);
    tabBar()->setAccessibleName(tr("Open tabs"));
    connect(this, &QTabWidget::tabCloseRequested, this, &DatasetTabs::close);
    tabBar()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(tabBar(), &QWidget::customContextMenuRequested, this, &DatasetTabs::showMenu);
    connect(&sessions, &SessionList::finished, this, &DatasetTabs::updateTitle);
    connect(&sessions, &SessionList::wentOn, this, &DatasetTabs::updateTitle);
    connect(&sessions, &SessionList::removed, this, &DatasetTabs::dropTab);
}

DatasetTab *DatasetTabs::current() const
{
    return qobject_cast<DatasetTab *>(currentWidget());
}

DatasetTab *DatasetTabs::tabOf(const QString &id) const
{
    for (int i = 0; i < count(); ++i) {
        auto *tab = qobject_cast<DatasetTab *>(widget(i));
        if (tab != nullptr && tab->session()->id() == id)
            return tab;
    }
    return nullptr;
}

QStringList DatasetTabs::ids() const
{
    QStringList ids;
    for (int i = 0; i < count(); ++i) {
        if (const auto *tab = qobject_cast<DatasetTab *>(widget(i)))
            ids += tab->session()->id();
    }
    return ids;
}

void DatasetTabs::showOther(QWidget *tab, const QString &title)
{
    if (indexOf(tab) < 0)
        addTab(tab, QString());
    setTitle(tab, title);
    setCurrentWidget(tab);
}

void DatasetTabs::setTitle(QWidget *tab, const QString &title)
{
    setTabText(indexOf(tab), withoutMnemonics(title));
}

void DatasetTabs::close(int index)
{
    QWidget *tab = widget(index);
    if (auto *ofDataset = qobject_cast<DatasetTab *>(tab)) {
        closeTab(ofDataset);
        return;
    }
    dropOther(tab);
}

void DatasetTabs::dropOther(QWidget *tab)
{
    removeTab(indexOf(tab));
    delete tab;
    Q_EMIT tabDropped();
}

void DatasetTabs::showSession(DatasetSession *session, bool inFront)
{
    DatasetTab *tab = tabOf(session->id());
    if (tab == nullptr) {
        tab = new DatasetTab(session, m_theme, m_state);
        connect(tab, &DatasetTab::resumeRequested, this,
                [this, session] { m_sessions.resume(session->id()); });
        connect(tab, &DatasetTab::anewRequested, this,
                [this, session] { m_sessions.getAnew(session->id()); });
        connect(tab, &DatasetTab::dequeueRequested, this,
                [this, session] { m_sessions.dequeue(session->id()); });
        connect(session, &DatasetSession::renamed, tab, [this, session] { updateTitle(session); });
        addTab(tab, QString());
        updateTitle(session);
        Q_EMIT tabAdded(tab);
    }
    if (inFront)
        setCurrentWidget(tab);
}

void DatasetTabs::closeTab(DatasetTab *tab)
{
    if (tab == nullptr)
        return;
    if (tab->session()->isRunning())
        askToClose(tab);
    else
        dropTab(tab->session()->id());
}

void DatasetTabs::showMenu(const QPoint &position)
{
    const QPointer<DatasetTab> tab = qobject_cast<DatasetTab *>(widget(tabBar()->tabAt(position)));
    if (!tab)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Edit source…"), this, [this, tab] {
        if (tab)
            Q_EMIT sourceRequested(tab);
    });
    menu->addAction(tr("Close"), this, [this, tab] { closeTab(tab); });
    menu->popup(tabBar()->mapToGlobal(position));
}

void DatasetTabs::askToClose(DatasetTab *tab)
{
    setCurrentWidget(tab);
    DatasetSession *session = tab->session();
    QDialog *question = askToCloseRunning(
        m_theme, session->name(),
        [this, session = QPointer<DatasetSession>(session)](bool stop) {
            if (!session)
                return;
            if (stop)
                session->cancel();
            dropTab(session->id());
        },
        tab);
    // When it has ended there is nothing left to ask.
    connect(session, &DatasetSession::finished, question, &QDialog::reject);
}

void DatasetTabs::dropTab(const QString &id)
{
    DatasetTab *tab = tabOf(id);
    if (tab == nullptr)
        return;
    removeTab(indexOf(tab));
    delete tab;
    m_sessions.release(id);
    Q_EMIT tabDropped();
}

void DatasetTabs::updateTitle(DatasetSession *session)
{
    DatasetTab *tab = tabOf(session->id());
    if (tab == nullptr)
        return;
    setTitle(tab, session->isRunning() ? session->name() + QStringLiteral(" ●") : session->name());
    setTabToolTip(indexOf(tab), session->name() + QLatin1Char('\n') + session->source());
}

} // namespace freshet::ui
