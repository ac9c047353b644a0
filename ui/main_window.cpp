// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include "actions.h"
#include "dataset_tab.h"
#include "dataset_tabs.h"
#include "empty_start.h"
#include "error_banner.h"
#include "grid/grid_view.h"
#include "lab/lab_list.h"
#include "lab/lab_tab.h"
#include "lab/lab_tabs.h"
#include "library/library_panel.h"
#include "request_bar.h"
#include "source/recipe_list.h"
#include "status_line.h"
#include "text/resume_text.h"
#include "widgets/fitting_size.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QSplitter>
#include <QStackedWidget>
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
      m_recipes(new RecipeList(transfer::recipeFolder(m_setup.library->folder()), this)),
      m_labSessions(new LabList(m_setup.library->folder(), this)),
      m_actions(new Actions(this)),
      m_request(new RequestBar(theme)),
      m_splitter(new QSplitter),
      m_library(new LibraryPanel(*m_sessions, *m_recipes, *m_labSessions, theme)),
      m_banner(new ErrorBanner(theme)),
      m_pages(new QStackedWidget),
      m_start(new EmptyStart(theme, m_setup.demoUrl != nullptr)),
      m_tabs(new DatasetTabs(*m_sessions, theme, m_state)),
      m_status(new StatusLine(theme)),
      m_labs(new LabTabs(*m_labSessions, *m_tabs, theme, m_state, this))
{
    setWindowTitle(tr("Freshet"));
    setAcceptDrops(true);
    build();
    connectParts();
    connectActions();
    connectLab();
    connectSources();
    if (!m_state.restoreGeometry(*this))
        resize(fittingSize(*this, {theme.px(1360), theme.px(850)}));
    m_state.restoreSplitter(kLibrarySplit, *m_splitter);
    m_library->setVisible(m_state.isOn(kLibraryShown, true));
    m_sessions->setLimit(m_state.downloadLimit());
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
    m_pages->addWidget(m_start);
    m_pages->addWidget(m_tabs);

    auto *right = new QWidget;
    right->setMinimumWidth(m_theme.px(540)); // the strip of figures beside its buttons
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
    m_splitter->setSizes({m_theme.px(232), m_theme.px(1128)});

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
    connect(m_library, &LibraryPanel::resumeRequested, this,
            [this](const QString &id) { m_sessions->resume(id); });
    connect(m_library, &LibraryPanel::exportRequested, this, [this](const QString &id) {
        m_whenOpened = {id, &MainWindow::exportDataset};
        openDataset(id);
    });
    connect(m_library, &LibraryPanel::fetchNewRequested, this, [this](const QString &id) {
        m_whenOpened = {id, &MainWindow::fetchNew};
        openDataset(id);
    });
    connect(m_start, &EmptyStart::demoRequested, this, &MainWindow::getDemo);
    connect(m_start, &EmptyStart::openFileRequested, this, &MainWindow::openFile);
    connect(m_start, &EmptyStart::newSourceRequested, (*m_actions)[ActionId::NewSource],
            &QAction::trigger);
    connect(m_start, &EmptyStart::curlRequested, this, &MainWindow::pasteCurl);
    connect(m_start, &EmptyStart::sourceRequested, this, &MainWindow::getUrl);

    connect(m_sessions, &SessionList::started, this,
            [this](DatasetSession *session, bool hasWaited) { showSession(session, !hasWaited); });
    connect(m_sessions, &SessionList::opened, this,
            [this](DatasetSession *session) { showSession(session, true); });
    connect(m_sessions, &SessionList::secretsNeeded, this, &MainWindow::askForSecrets);
    connect(m_sessions, &SessionList::failed, this, &MainWindow::showError);
    connect(m_sessions, &SessionList::recordsChanged, this, &MainWindow::updateStart);
    connect(m_sessions, &SessionList::replaced, m_library, &LibraryPanel::askToRemoveReplaced);
    for (const auto changed : {&SessionList::finished, &SessionList::wentOn})
        connect(m_sessions, changed, this, &MainWindow::updateActions);
    connect(m_sessions, &SessionList::queueChanged, this, &MainWindow::updateActions);
    connect(m_tabs, &DatasetTabs::tabAdded, this, &MainWindow::connectTab);
    connect(m_tabs, &QTabWidget::currentChanged, this, &MainWindow::currentTabChanged);
    connect(m_tabs, &DatasetTabs::tabDropped, this, [this] {
        if (m_tabs->count() == 0) {
            m_pages->setCurrentWidget(m_start);
            m_request->focusUrl();
        }
        currentTabChanged();
    });
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

void MainWindow::connectTab(DatasetTab *tab)
{
    m_actions->addTo(tab->grid());
    connect(tab, &DatasetTab::exportRequested, this, &MainWindow::exportCurrent);
    connect(tab, &DatasetTab::said, m_status, &StatusLine::say);
    connect(tab, &DatasetTab::statusChanged, this, [this, tab] {
        if (tab == currentTab())
            tab->tellStatus(*m_status);
    });
    connect(tab, &DatasetTab::inspectorToggled, this, &MainWindow::updateActions);
    connect(tab->grid(), &DatasetGrid::followTailChanged, this, &MainWindow::updateActions);
}

void MainWindow::showSession(DatasetSession *session, bool inFront)
{
    m_tabs->showSession(session, inFront);
    m_pages->setCurrentWidget(m_tabs);
    currentTabChanged();
    if (m_whenOpened.first == session->id()) {
        m_whenOpened.first.clear();
        (this->*m_whenOpened.second)(session);
    }
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
        m_status->setTimes({});
        setWindowTitle(tr("Freshet"));
    }
    makeRoomForLab();
    updateActions();
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
          ActionId::GoToRow, ActionId::FollowTail, ActionId::Remove, ActionId::BadRows,
          ActionId::Runs, ActionId::Details})
        actions[id]->setEnabled(tab != nullptr);
    for (const auto id : {ActionId::CancelDownload, ActionId::PauseDownload, ActionId::RetryNow})
        actions[id]->setEnabled(isRunning);
    actions[ActionId::Resume]->setEnabled(tab != nullptr && !isRunning &&
                                          !tab->session()->isQueued() &&
                                          canResume(tab->session()->record()));
    actions[ActionId::GetAnew]->setEnabled(tab != nullptr && !isRunning &&
                                           !tab->session()->isQueued());
    actions[ActionId::FetchNew]->setEnabled(tab != nullptr && !isRunning &&
                                            !tab->session()->isQueued() &&
                                            canFetchNew(tab->session()->record()));
    actions[ActionId::Verify]->setEnabled(tab != nullptr && !isRunning);
    actions[ActionId::Rename]->setEnabled(tab != nullptr && !isRunning);
    const auto *lab = m_labs->current();
    actions[ActionId::RunLab]->setEnabled(lab != nullptr && !lab->isRunning());
    actions[ActionId::StopLab]->setEnabled(lab != nullptr && lab->isRunning());
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
    return m_tabs->current();
}

DatasetTab *MainWindow::tabOf(const QString &id) const
{
    return m_tabs->tabOf(id);
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
    m_state.setOpenTabs(m_tabs->ids());
    m_state.setFrontTab(currentTab() == nullptr ? QString() : currentTab()->session()->id());
    m_state.saveGeometry(*this);
    m_state.setOn(kLibraryShown, m_libraryBeforeLab.value_or(!m_library->isHidden()));
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
