// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include "actions.h"
#include "dataset_tab.h"
#include "empty_start.h"
#include "error_banner.h"
#include "grid/grid_view.h"
#include "library/library_panel.h"
#include "request_bar.h"
#include "status_line.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace freshet::ui {

namespace {

constexpr int kRecentSources = 5;
const QString kLibrarySplit = QStringLiteral("librarySplit");
const QString kLibraryShown = QStringLiteral("library");

} // namespace

MainWindow::MainWindow(Setup setup, Theme &theme)
    : m_setup(std::move(setup)),
      m_theme(theme),
      m_state(m_setup.stateFile),
      m_sessions(new SessionList(m_setup.library, this)),
      m_actions(new Actions(this)),
      m_request(new RequestBar(theme)),
      m_splitter(new QSplitter),
      m_library(new LibraryPanel(*m_sessions, theme)),
      m_banner(new ErrorBanner(theme)),
      m_pages(new QStackedWidget),
      m_start(new EmptyStart(theme, m_setup.demoUrl != nullptr)),
      m_tabs(new QTabWidget),
      m_status(new StatusLine(theme))
{
    setWindowTitle(tr("Freshet"));
    setAcceptDrops(true);
    build();
    connectParts();
    connectActions();
    if (!m_state.restoreGeometry(*this))
        resize(theme.px(1360), theme.px(850));
    m_state.restoreSplitter(kLibrarySplit, *m_splitter);
    m_library->setVisible(m_state.isOn(kLibraryShown, true));
    currentTabChanged();
    m_request->focusUrl();
}

MainWindow::~MainWindow()
{
    // Tabs look at sessions; they go first.
    delete m_tabs;
}

void MainWindow::build()
{
    m_actions->fillMenuBar(menuBar());
    m_tabs->setDocumentMode(true);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_tabs->tabBar()->setElideMode(Qt::ElideMiddle);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setAccessibleName(tr("Open datasets"));
    m_pages->addWidget(m_start);
    m_pages->addWidget(m_tabs);

    auto *right = new QWidget;
    right->setMinimumWidth(m_theme.px(360));
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_pages, 1);
    column->addWidget(m_status);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_library);
    m_splitter->addWidget(right);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({m_theme.px(231), m_theme.px(1129)});

    auto *central = new QWidget;
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_request);
    layout->addWidget(m_splitter, 1);
    setCentralWidget(central);
}

void MainWindow::connectParts()
{
    connect(m_request, &RequestBar::getRequested, this, &MainWindow::get);
    connect(m_request, &RequestBar::failed, this, &MainWindow::showError);
    connect(m_request, &RequestBar::cancelRequested, this, [this] {
        if (auto *tab = currentTab())
            tab->session()->cancel();
    });
    connect(m_library, &LibraryPanel::openRequested, this, &MainWindow::openDataset);
    connect(m_library, &LibraryPanel::exportRequested, this, [this](const QString &id) {
        m_openToExport = id;
        openDataset(id);
    });
    connect(m_start, &EmptyStart::demoRequested, this, &MainWindow::getDemo);
    connect(m_start, &EmptyStart::openFileRequested, this, &MainWindow::openFile);
    connect(m_start, &EmptyStart::curlRequested, this, &MainWindow::pasteCurl);
    connect(m_start, &EmptyStart::sourceRequested, this, &MainWindow::getUrl);

    connect(m_sessions, &SessionList::started, this, &MainWindow::showSession);
    connect(m_sessions, &SessionList::opened, this, &MainWindow::showSession);
    connect(m_sessions, &SessionList::failed, this, &MainWindow::showError);
    connect(m_sessions, &SessionList::recordsChanged, this, &MainWindow::updateStart);
    connect(m_sessions, &SessionList::finished, this, [this](DatasetSession *session) {
        updateTabTitle(session);
        updateActions();
    });
    connect(m_sessions, &SessionList::removed, this, [this](const QString &id) {
        if (auto *tab = tabOf(id))
            closeTab(m_tabs->indexOf(tab));
    });
    connect(m_tabs, &QTabWidget::currentChanged, this, &MainWindow::currentTabChanged);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, &MainWindow::closeTab);
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_state.saveSplitter(kLibrarySplit, *m_splitter); });
}

void MainWindow::get(const transfer::DownloadRequest &request)
{
    m_banner->dismiss();
    m_sessions->start(request);
}

void MainWindow::getUrl(const QString &urlOrFile)
{
    m_request->setRequest({});
    m_request->setUrl(urlOrFile);
    m_request->get();
}

void MainWindow::getDemo()
{
    const auto url = m_setup.demoUrl();
    if (url)
        getUrl(QString::fromStdString(*url));
    else
        showError(url.error(), tr("the demo server"));
}

void MainWindow::openDataset(const QString &idOrName)
{
    m_sessions->open(idOrName);
}

void MainWindow::showSession(DatasetSession *session)
{
    DatasetTab *tab = tabOf(session->id());
    if (tab == nullptr) {
        tab = new DatasetTab(session, m_theme, m_state);
        m_actions->addTo(tab->grid());
        connect(tab, &DatasetTab::exportRequested, this, &MainWindow::exportCurrent);
        connect(tab, &DatasetTab::said, m_status, &StatusLine::say);
        connect(tab, &DatasetTab::statusChanged, this, [this, tab] {
            if (tab == currentTab())
                tab->tellStatus(*m_status);
        });
        connect(tab, &DatasetTab::inspectorToggled, this, &MainWindow::updateActions);
        connect(tab->grid(), &DatasetGrid::followTailChanged, this, &MainWindow::updateActions);
        connect(session, &DatasetSession::renamed, tab,
                [this, session] { updateTabTitle(session); });
        m_tabs->addTab(tab, QString());
        updateTabTitle(session);
    }
    m_tabs->setCurrentWidget(tab);
    m_pages->setCurrentWidget(m_tabs);
    currentTabChanged();
    if (std::exchange(m_openToExport, {}) == session->id())
        exportDataset(session);
}

void MainWindow::closeTab(int index)
{
    auto *tab = qobject_cast<DatasetTab *>(m_tabs->widget(index));
    if (tab == nullptr)
        return;
    const QString id = tab->session()->id();
    m_tabs->removeTab(index);
    delete tab;
    m_sessions->release(id);
    if (m_tabs->count() == 0) {
        m_pages->setCurrentWidget(m_start);
        m_request->focusUrl();
    }
    currentTabChanged();
}

void MainWindow::currentTabChanged()
{
    DatasetTab *tab = currentTab();
    m_library->setCurrent(tab == nullptr ? QString() : tab->session()->id());
    if (tab != nullptr) {
        m_request->setRequest(tab->session()->request());
        tab->tellStatus(*m_status);
        setWindowTitle(tr("%1 – Freshet").arg(tab->session()->name()));
    } else {
        m_status->setPosition(std::nullopt, {});
        m_status->clearSelection();
        m_status->setDisk(std::nullopt);
        setWindowTitle(tr("Freshet"));
    }
    updateActions();
}

void MainWindow::updateTabTitle(DatasetSession *session)
{
    DatasetTab *tab = tabOf(session->id());
    if (tab == nullptr)
        return;
    QString title = session->name();
    // A tab reads "&" as a mnemonic.
    title.replace(QLatin1Char('&'), QLatin1String("&&"));
    const int index = m_tabs->indexOf(tab);
    m_tabs->setTabText(index, session->isRunning() ? title + QStringLiteral(" ●") : title);
    m_tabs->setTabToolTip(index, session->name() + QLatin1Char('\n') + session->source());
}

void MainWindow::updateActions()
{
    DatasetTab *tab = currentTab();
    const bool isRunning = tab != nullptr && tab->session()->isRunning();
    m_request->setRunning(isRunning);
    const Actions &actions = *m_actions;
    for (const auto id :
         {ActionId::Export, ActionId::CloseTab, ActionId::Copy, ActionId::CopyWithHeader,
          ActionId::CopyAsCsv, ActionId::CopyAsJson, ActionId::SelectAll, ActionId::Inspector,
          ActionId::GoToRow, ActionId::FollowTail, ActionId::Remove})
        actions[id]->setEnabled(tab != nullptr);
    actions[ActionId::CancelDownload]->setEnabled(isRunning);
    actions[ActionId::Details]->setEnabled(tab != nullptr && !isRunning);
    actions[ActionId::Rename]->setEnabled(tab != nullptr && !isRunning);
    actions[ActionId::Demo]->setEnabled(m_setup.demoUrl != nullptr);
    actions[ActionId::Inspector]->setChecked(tab != nullptr && tab->isInspectorOpen());
    actions[ActionId::FollowTail]->setChecked(tab != nullptr && tab->grid()->followsTail());
    actions[ActionId::LibraryPanel]->setChecked(!m_library->isHidden());
    const auto scheme = m_theme.choice();
    actions[ActionId::ThemeSystem]->setChecked(scheme == SchemeChoice::FollowSystem);
    actions[ActionId::ThemeLight]->setChecked(scheme == SchemeChoice::Light);
    actions[ActionId::ThemeDark]->setChecked(scheme == SchemeChoice::Dark);
}

void MainWindow::updateStart()
{
    QStringList sources;
    for (const auto &record : m_sessions->records()) {
        const auto source = QString::fromStdString(record.source);
        if (!sources.contains(source))
            sources += source;
        if (sources.size() == kRecentSources)
            break;
    }
    m_start->setRecentSources(sources);
}

void MainWindow::showError(const Error &error, const QString &source)
{
    m_banner->show(errorText(error, source));
}

DatasetTab *MainWindow::currentTab() const
{
    return qobject_cast<DatasetTab *>(m_tabs->currentWidget());
}

DatasetTab *MainWindow::tabOf(const QString &id) const
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        auto *tab = qobject_cast<DatasetTab *>(m_tabs->widget(i));
        if (tab != nullptr && tab->session()->id() == id)
            return tab;
    }
    return nullptr;
}

void MainWindow::restoreTabs()
{
    const QString front = m_state.frontTab();
    for (const QString &id : m_state.openTabs()) {
        if (id != front)
            m_sessions->open(id);
    }
    if (!front.isEmpty())
        m_sessions->open(front);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QStringList tabs;
    for (int i = 0; i < m_tabs->count(); ++i)
        tabs += qobject_cast<DatasetTab *>(m_tabs->widget(i))->session()->id();
    m_state.setOpenTabs(tabs);
    m_state.setFrontTab(currentTab() == nullptr ? QString() : currentTab()->session()->id());
    m_state.saveGeometry(*this);
    m_state.setOn(kLibraryShown, !m_library->isHidden());
    // Downloads under way are cancelled with their sessions; their rows are kept.
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    for (const QUrl &url : event->mimeData()->urls())
        getUrl(url.isLocalFile() ? url.toLocalFile() : url.toString());
    event->acceptProposedAction();
}

} // namespace freshet::ui
