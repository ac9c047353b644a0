// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session_list.h"
#include "theme/theme.h"
#include "window_state.h"

#include <QMainWindow>

#include <functional>
#include <memory>
#include <optional>

class QSplitter;
class QStackedWidget;

namespace freshet::ui {

class Actions;
class DatasetTab;
class DatasetTabs;
class EmptyStart;
class ErrorBanner;
class LabList;
class LabTabs;
class LibraryPanel;
class RecipeList;
class RequestBar;
class StatusLine;

/// The one window: it puts its parts together and passes on what they ask of each other.
/// Threads: GUI thread only.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    struct Setup
    {
        std::shared_ptr<store::Library> library;
        /// The URL of the demo dataset; starts the demo server if need be. Empty: no demo.
        std::function<Result<std::string>()> demoUrl;
        /// Where the window remembers things; empty: the user's settings.
        QString stateFile;
    };

    MainWindow(Setup setup, Theme &theme);
    ~MainWindow() override;

    void get(const transfer::DownloadRequest &request);
    void getUrl(const QString &urlOrFile);
    void openDataset(const QString &idOrName);
    void getDemo();
    void exportCurrent();
    void showError(const Error &error, const QString &source);
    /// Open what was open when the window was last closed.
    void restoreTabs();

    [[nodiscard]] SessionList &sessions() { return *m_sessions; }
    [[nodiscard]] Actions &actions() { return *m_actions; }
    [[nodiscard]] RequestBar &requestBar() { return *m_request; }
    [[nodiscard]] LibraryPanel &libraryPanel() { return *m_library; }
    [[nodiscard]] LabTabs &labs() { return *m_labs; }
    [[nodiscard]] LabList &labSessions() { return *m_labSessions; }
    [[nodiscard]] DatasetTab *currentTab() const;
    [[nodiscard]] DatasetTab *tabOf(const QString &id) const;

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    // main_window.cpp
    void build();
    void connectParts();
    void showSession(DatasetSession *session, bool inFront);
    void connectTab(DatasetTab *tab);
    void currentTabChanged();
    void updateActions();
    void updateStart();

    // window_lab.cpp
    void connectLab();
    void newLab();
    /// The lab has the window to itself: no request bar, and its variants in place of the library.
    void makeRoomForLab();

    // window_sources.cpp
    void connectSources();
    void editSource(const transfer::DownloadRequest &request, const QString &recipe = {});
    void editRecipe(const QString &file);
    void getRecipe(const QString &file);

    // window_commands.cpp
    void connectActions();
    void openFile();
    void exportDataset(DatasetSession *session);
    void askForSecrets(DatasetSession *session, const SessionList::Continuation &how);
    void fetchNew(DatasetSession *session);
    void chooseLimit();
    void goToRow();
    void focusNextPane();
    void closeTopmost();
    void chooseScheme(SchemeChoice choice);
    void setFontScale(qreal scale);
    void pasteCurl();
    template <typename Command>
    void onTab(Command command);

    Setup m_setup;
    Theme &m_theme;
    WindowState m_state;
    SessionList *m_sessions;
    RecipeList *m_recipes;
    LabList *m_labSessions;
    Actions *m_actions;
    RequestBar *m_request;
    QSplitter *m_splitter;
    LibraryPanel *m_library;
    ErrorBanner *m_banner;
    QStackedWidget *m_pages;
    EmptyStart *m_start;
    DatasetTabs *m_tabs;
    StatusLine *m_status;
    LabTabs *m_labs;
    /// What is to be done with a dataset once it is open.
    std::pair<QString, void (MainWindow::*)(DatasetSession *)> m_whenOpened;
    /// While the lab has the library's place: whether it comes back.
    std::optional<bool> m_libraryBeforeLab;
};

} // namespace freshet::ui
