// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include "actions.h"
#include "dataset_tab.h"
#include "dataset_tabs.h"
#include "lab/lab_tab.h"
#include "lab/lab_tabs.h"
#include "library/library_panel.h"
#include "request_bar.h"
#include "status_line.h"

#include <QSplitter>
#include <QStackedWidget>

namespace freshet::ui {

void MainWindow::connectLab()
{
    const auto onLab = [this](ActionId id, void (LabTab::*command)()) {
        connect((*m_actions)[id], &QAction::triggered, this, [this, command] {
            if (auto *lab = m_labs->current())
                (lab->*command)();
        });
    };
    connect((*m_actions)[ActionId::NewLab], &QAction::triggered, this, &MainWindow::newLab);
    onLab(ActionId::RunLab, &LabTab::start);
    onLab(ActionId::StopLab, &LabTab::cancel);
    connect(m_labs, &LabTabs::changed, this, [this] {
        m_pages->setCurrentWidget(m_tabs);
        updateActions();
    });
    connect(m_library, &LibraryPanel::labRequested, m_labs, &LabTabs::open);
    connect(m_library, &LibraryPanel::labRepeatRequested, m_labs, &LabTabs::repeat);
    connect(m_library, &LibraryPanel::labCompareRequested, m_labs, &LabTabs::compare);
    connect(m_labs, &LabTabs::failed, this, &MainWindow::showError);
    connect(m_labs, &LabTabs::said, m_status, &StatusLine::say);
}

void MainWindow::newLab()
{
    // The dataset in front, or what stands in the request bar, is what one wants to measure.
    const auto *tab = currentTab();
    const transfer::DownloadRequest base =
        tab != nullptr ? tab->session()->request() : m_request->request();
    m_pages->setCurrentWidget(m_tabs);
    m_labs->setUp(base);
}

void MainWindow::makeRoomForLab()
{
    const bool isLab = m_labs->current() != nullptr && m_tabs->count() > 0;
    // What is hidden passes the focus on, and a library that gets it opens what is current there.
    if (isLab)
        m_tabs->currentWidget()->setFocus();
    m_request->setVisible(!isLab);
    if (isLab == m_libraryBeforeLab.has_value())
        return;
    if (isLab) {
        m_libraryBeforeLab = !m_library->isHidden();
        m_library->hide();
    } else {
        m_library->setVisible(*m_libraryBeforeLab);
        m_libraryBeforeLab.reset();
    }
}

} // namespace freshet::ui
