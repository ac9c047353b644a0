// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include "actions.h"
#include "command_palette.h"
#include "dataset_tab.h"
#include "dataset_tabs.h"
#include "dialogs/export_dialog.h"
#include "dialogs/secrets_dialog.h"
#include "dialogs/since_dialog.h"
#include "dialogs/small_dialogs.h"
#include "dialogs/verify_dialog.h"
#include "error_banner.h"
#include "grid/grid_view.h"
#include "library/library_panel.h"
#include "request_bar.h"
#include "status_line.h"
#include "text/dataset_text.h"
#include "text/figures.h"
#include "text/resume_text.h"
#include "view_bar.h"

#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>

namespace freshet::ui {

namespace {

constexpr char kRowFiles[] =
    "*.csv *.tsv *.txt *.json *.ndjson *.jsonl *.parquet *.pq *.arrow *.arrows "
    "*.feather *.zip *.msgpack *.cbor *.gz *.zst *.br *.lz4";
constexpr qreal kFontStep = 1.1;

} // namespace

template <typename Command>
void MainWindow::onTab(Command command)
{
    if (auto *tab = currentTab())
        command(*tab);
}

void MainWindow::connectActions()
{
    const auto on = [this](ActionId id, auto command) {
        connect((*m_actions)[id], &QAction::triggered, this, command);
    };
    const auto onGrid = [this, on](ActionId id, auto command) {
        on(id, [this, command] { onTab([&](DatasetTab &tab) { command(*tab.grid()); }); });
    };
    on(ActionId::OpenFile, [this] { openFile(); });
    on(ActionId::Demo, [this] { getDemo(); });
    on(ActionId::Export, [this] { exportCurrent(); });
    on(ActionId::CloseTab, [this] { onTab([this](DatasetTab &tab) { m_tabs->closeTab(&tab); }); });
    on(ActionId::Quit, [this] { close(); });
    onGrid(ActionId::Copy, [](DatasetGrid &grid) { grid.copySelection(); });
    onGrid(ActionId::CopyWithHeader,
           [](DatasetGrid &grid) { grid.copySelection({.withHeader = true}); });
    onGrid(ActionId::CopyAsCsv, [](DatasetGrid &grid) {
        grid.copySelection({.format = CopyFormat::Csv, .withHeader = true});
    });
    onGrid(ActionId::CopyAsJson,
           [](DatasetGrid &grid) { grid.copySelection({.format = CopyFormat::Json}); });
    onGrid(ActionId::SelectAll, [](DatasetGrid &grid) { grid.selectAll(); });
    onGrid(ActionId::FollowTail,
           [](DatasetGrid &grid) { grid.setFollowTail(!grid.followsTail()); });
    on(ActionId::Inspector,
       [this] { onTab([](DatasetTab &tab) { tab.setInspectorOpen(!tab.isInspectorOpen()); }); });
    on(ActionId::Details, [this] { onTab([](DatasetTab &tab) { tab.showDetails(); }); });
    const auto toPage = [this](TabPage page, const QString &ifNone) {
        onTab([this, page, ifNone](DatasetTab &tab) {
            if (tab.hasPage(page))
                tab.showPage(page);
            else
                m_status->say(ifNone);
        });
    };
    on(ActionId::Verify, [this] {
        onTab([this](DatasetTab &tab) {
            auto *dialog =
                new VerifyDialog(m_setup.library, tab.session()->record(), m_theme, this);
            dialog->show();
            dialog->start();
        });
    });
    on(ActionId::BadRows, [toPage] { toPage(TabPage::BadRows, tr("There are no bad rows")); });
    on(ActionId::Runs, [toPage] { toPage(TabPage::Runs, tr("There was only one run")); });
    on(ActionId::Rename, [this] {
        onTab([this](DatasetTab &tab) {
            m_library->show();
            m_library->startRename(tab.session()->id());
        });
    });
    on(ActionId::Remove, [this] {
        onTab([this](DatasetTab &tab) {
            m_library->show();
            m_library->askToRemove(tab.session()->id());
        });
    });
    on(ActionId::FocusUrl, [this] { m_request->focusUrl(); });
    on(ActionId::Get, [this] { m_request->get(); });
    on(ActionId::CancelDownload,
       [this] { onTab([](DatasetTab &tab) { tab.session()->cancel(); }); });
    on(ActionId::PauseDownload, [this] { onTab([](DatasetTab &tab) { tab.togglePause(); }); });
    on(ActionId::RetryNow, [this] { onTab([](DatasetTab &tab) { tab.session()->retryNow(); }); });
    on(ActionId::Resume,
       [this] { onTab([this](DatasetTab &tab) { m_sessions->resume(tab.session()->id()); }); });
    on(ActionId::GetAnew,
       [this] { onTab([this](DatasetTab &tab) { m_sessions->getAnew(tab.session()->id()); }); });
    on(ActionId::FetchNew, [this] { onTab([this](DatasetTab &tab) { fetchNew(tab.session()); }); });
    on(ActionId::DownloadLimit, [this] { chooseLimit(); });
    on(ActionId::GoToRow, [this] { goToRow(); });
    on(ActionId::NextPane, [this] { focusNextPane(); });
    on(ActionId::CloseTopmost, [this] { closeTopmost(); });
    on(ActionId::LibraryPanel, [this] {
        m_library->setVisible(m_library->isHidden());
        updateActions();
    });
    on(ActionId::ThemeSystem, [this] { chooseScheme(SchemeChoice::FollowSystem); });
    on(ActionId::ThemeLight, [this] { chooseScheme(SchemeChoice::Light); });
    on(ActionId::ThemeDark, [this] { chooseScheme(SchemeChoice::Dark); });
    on(ActionId::LargerText, [this] { setFontScale(m_state.fontScale() * kFontStep); });
    on(ActionId::SmallerText, [this] { setFontScale(m_state.fontScale() / kFontStep); });
    on(ActionId::NormalText, [this] { setFontScale(1.0); });
    on(ActionId::Palette, [this] { (new CommandPalette(*m_actions, m_theme, this))->show(); });
    on(ActionId::About, [this] { showAbout(m_theme, this); });
}

void MainWindow::openFile()
{
    auto *dialog = new QFileDialog(this, tr("Open a file of rows"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("Files of rows (%1)").arg(QLatin1StringView(kRowFiles)),
                            tr("Parquet and Arrow (*.parquet *.pq *.arrow *.arrows *.feather)"),
                            tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList &files) {
        for (const QString &file : files)
            getUrl(file);
    });
    dialog->show();
}

void MainWindow::exportCurrent()
{
    onTab([this](DatasetTab &tab) { exportDataset(tab.session()); });
}

void MainWindow::exportDataset(DatasetSession *session)
{
    // Rows that a sync under way has yet to compare by key might be there twice.
    const auto snapshot = session->dataset()->snapshot().merged();
    auto *dialog = new ExportDialog(snapshot, session->record(), session->name(),
                                    m_state.exportFolder(), m_theme, this);
    dialog->setNotice(exportNotice(session->record(), snapshot.rowCount(), session->isRunning()));
    connect(dialog, &ExportDialog::saved, this, [this](const exporters::ExportReport &report) {
        const auto file = QString::fromStdString(report.file.string());
        m_state.setExportFolder(QFileInfo(file).absolutePath());
        m_status->say(tr("Saved %1 to %2").arg(rowsText(report.rows), file));
    });
    dialog->show();
}

void MainWindow::askForSecrets(DatasetSession *session, const SessionList::Continuation &how)
{
    const QString word = how.sync     ? tr("Fetch what is new")
                         : how.isAnew ? tr("Get anew")
                                      : resumeWord(session->record());
    auto *dialog = new SecretsDialog(session->name(), word, session->request(), m_theme, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, id = session->id(), how] {
        m_sessions->goOn(id, {how.sync, dialog->secrets(), how.isAnew});
    });
    dialog->show();
}

/// By the rule that the dataset remembers; the first time it has to be said.
void MainWindow::fetchNew(DatasetSession *session)
{
    if (session->request().since) {
        m_sessions->goOn(session->id(), {.sync = transfer::SyncChange()});
        return;
    }
    auto *dialog =
        new SinceDialog(session->name(), *session->dataset()->snapshot().schema(), m_theme, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, id = session->id()] {
        if (auto rule = dialog->rule())
            m_sessions->goOn(id, {.sync = transfer::SyncChange{.since = std::move(*rule)}});
    });
    dialog->show();
}

void MainWindow::chooseLimit()
{
    askForLimit(
        m_theme, m_sessions->queue().limit(), TransferQueue::kMostAtOnce,
        [this](int limit) {
            m_sessions->setLimit(limit);
            m_state.setDownloadLimit(m_sessions->queue().limit());
        },
        this);
}

void MainWindow::goToRow()
{
    onTab([this](DatasetTab &tab) {
        askForRow(
            m_theme, tab.grid()->rowCount(),
            [grid = QPointer<DatasetGrid>(tab.grid())](RowIndex row) {
                if (!grid)
                    return;
                grid->goToRow(row);
                grid->setFocus();
            },
            this);
    });
}

void MainWindow::focusNextPane()
{
    QList<QWidget *> panes{m_request};
    if (m_library->isVisible())
        panes += m_library;
    onTab([&panes](DatasetTab &tab) {
        panes += tab.grid();
        if (tab.isInspectorOpen())
            panes += tab.inspector();
    });
    const QWidget *focused = focusWidget();
    qsizetype now = -1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (focused != nullptr && (panes[i] == focused || panes[i]->isAncestorOf(focused)))
            now = i;
    }
    QWidget *next = panes[(now + 1) % panes.size()];
    next->setFocus(Qt::ShortcutFocusReason);
    // A pane that takes no focus itself passes it to the first of its parts that does.
    if (!next->isAncestorOf(focusWidget()) && next != focusWidget() &&
        next->nextInFocusChain() != nullptr)
        next->nextInFocusChain()->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::closeTopmost()
{
    if (m_library->dismissQuestion() || m_banner->dismiss())
        return;
    onTab([](DatasetTab &tab) {
        if (tab.banner()->dismiss())
            return;
        if (tab.isInspectorOpen())
            tab.setInspectorOpen(false);
        else
            tab.grid()->setFocus();
    });
}

void MainWindow::chooseScheme(SchemeChoice choice)
{
    m_theme.choose(choice);
    m_state.setSchemeChoice(choice);
    updateActions();
}

void MainWindow::setFontScale(qreal scale)
{
    m_state.setFontScale(scale);
    m_theme.setFontScale(m_state.fontScale());
}

void MainWindow::pasteCurl()
{
    const QString text = QGuiApplication::clipboard()->text();
    m_request->focusUrl();
    if (!text.isEmpty())
        m_request->takeCurl(text);
    else
        m_status->say(tr("Copy a curl command first; then paste it into the line above."));
}

} // namespace freshet::ui
