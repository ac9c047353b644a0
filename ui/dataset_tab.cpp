// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset_tab.h"

#include "bad_rows/bad_rows_page.h"
#include "error_banner.h"
#include "grid/dataset_source.h"
#include "grid/grid_view.h"
#include "inspector/cell_inspector.h"
#include "runs/runs_page.h"
#include "status_line.h"
#include "text/dataset_text.h"
#include "text/error_text.h"
#include "text/figures.h"
#include "text/resume_text.h"
#include "theme/grid_theme.h"
#include "theme/theme.h"
#include "transfer_strip.h"
#include "verdict_line.h"
#include "view_bar.h"
#include "widgets/progress_line.h"
#include "window_state.h"

#include <QMessageBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace freshet::ui {

DatasetTab::DatasetTab(DatasetSession *session, const Theme &theme, WindowState &state,
                       QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_theme(theme),
      m_state(state),
      m_progress(new ProgressLine(theme)),
      m_strip(new TransferStrip(theme)),
      m_verdict(new VerdictLine(theme)),
      m_banner(new ErrorBanner(theme)),
      m_bar(new ViewBar(theme)),
      m_pages(new QStackedWidget),
      m_splitter(new QSplitter),
      m_grid(new DatasetGrid),
      m_inspector(new CellInspector),
      m_runs(new RunsPage(session->library(), session->id().toStdString(), session->name(), theme))
{
    build();
    connectPages();
    connectGrid();
    connectSession();
    updateStyle();
    updateRows();
    updateVerdict();
}

void DatasetTab::build()
{
    m_grid->setAccessibleName(tr("Rows of %1").arg(m_session->name()));
    m_grid->setFrameShape(QFrame::NoFrame);
    m_inspector->setMinimumWidth(m_theme.px(200));
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_grid);
    m_splitter->addWidget(m_inspector);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({m_theme.px(860), m_theme.px(270)});
    m_state.restoreSplitter(QStringLiteral("inspectorSplit"), *m_splitter);
    m_inspector->setVisible(false);
    setFocusProxy(m_grid);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_progress);
    layout->addWidget(m_strip);
    layout->addWidget(m_verdict);
    layout->addWidget(m_banner);
    layout->addWidget(m_bar);
    m_pages->addWidget(m_splitter);
    m_pages->addWidget(m_runs);
    layout->addWidget(m_pages, 1);
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_state.saveSplitter(QStringLiteral("inspectorSplit"), *m_splitter); });
    connect(m_strip, &TransferStrip::cancelRequested, m_session, &DatasetSession::cancel);
    connect(m_strip, &TransferStrip::pauseRequested, m_session, &DatasetSession::pause);
    connect(m_strip, &TransferStrip::continueRequested, m_session, &DatasetSession::unpause);
    connect(m_strip, &TransferStrip::retryNowRequested, m_session, &DatasetSession::retryNow);
    connect(m_strip, &TransferStrip::detailsRequested, this, &DatasetTab::showDetails);
    connect(m_verdict, &VerdictLine::exportRequested, this, &DatasetTab::exportRequested);
    connect(m_verdict, &VerdictLine::resumeRequested, this, &DatasetTab::resumeRequested);
    connect(m_verdict, &VerdictLine::anewRequested, this, &DatasetTab::anewRequested);
    connect(m_verdict, &VerdictLine::dequeueRequested, this, &DatasetTab::dequeueRequested);
    connect(m_bar, &ViewBar::followToggled, m_grid, &DatasetGrid::setFollowTail);
    connect(&m_theme, &Theme::changed, this, &DatasetTab::updateStyle);
}

void DatasetTab::connectGrid()
{
    connect(m_grid, &DatasetGrid::followTailChanged, m_bar, &ViewBar::setFollows);
    connect(m_grid, &DatasetGrid::currentCellChanged, this, [this](std::optional<CellIndex> cell) {
        m_row = cell ? std::optional(cell->row) : std::nullopt;
        updateInspector();
        Q_EMIT statusChanged();
    });
    connect(m_grid, &DatasetGrid::cellActivated, this, [this] { setInspectorOpen(true); });
    connect(m_grid, &DatasetGrid::selectionChanged, this, [this] {
        m_selection = {};
        m_selection.cells = m_grid->selectedCellCount();
        Q_EMIT statusChanged();
    });
    connect(m_grid, &DatasetGrid::selectionSummaryChanged, this,
            [this](const SelectionSummary &summary) {
                m_selection = summary;
                Q_EMIT statusChanged();
            });
    connect(m_grid, &DatasetGrid::columnSettingsChanged, this,
            [this] { m_state.setColumns(m_session->source(), m_grid->columnSettings()); });
    connect(m_grid, &DatasetGrid::copyFinished, this, [this](qint64 cells, qint64 bytes) {
        Q_EMIT said(tr("Copied %1 cells, %2").arg(groupedText(cells), bytesText(ByteCount(bytes))));
    });
    connect(m_grid, &DatasetGrid::copyFailed, this,
            [this](const Error &error) { m_banner->show(errorText(error, m_session->name())); });
    connect(m_grid, &DatasetGrid::readFailed, this,
            [this](const Error &error) { m_banner->show(errorText(error, m_session->name())); });
    connect(m_grid, &DatasetGrid::copyNeedsConfirmation, this,
            [this](const CopyOptions &options, qint64 cells, qint64 bytes) {
                auto *question = new QMessageBox(
                    QMessageBox::Question, tr("Copy a lot"),
                    tr("Copy %1 cells, about %2, to the clipboard? An export may serve better.")
                        .arg(groupedText(cells), bytesText(ByteCount(bytes))),
                    QMessageBox::Ok | QMessageBox::Cancel, this);
                question->setAttribute(Qt::WA_DeleteOnClose);
                connect(question, &QMessageBox::accepted, this,
                        [this, options] { m_grid->copySelection(options, true); });
                question->setModal(false);
                question->show();
            });
    connect(m_inspector, &CellInspector::closeRequested, this, [this] { setInspectorOpen(false); });
    connect(m_inspector, &CellInspector::columnPicked, this, [this](int column) {
        if (const auto cell = m_grid->currentCell())
            m_grid->setCurrentCell({cell->row, column});
    });
}

void DatasetTab::connectSession()
{
    connect(m_session, &DatasetSession::ticked, this, [this] {
        const auto &progress = *m_session->progress();
        m_strip->setProgress(progress);
        m_progress->setFraction(fractionOf(progress));
        m_progress->setHeld(progress.state == transfer::TransferState::Paused ||
                            progress.state == transfer::TransferState::WaitingToRetry);
        updateRows();
    });
    connect(m_session, &DatasetSession::wentOn, this, [this] {
        m_banner->dismiss();
        updateRows();
        updateVerdict();
    });
    connect(m_session, &DatasetSession::queuedChanged, this, &DatasetTab::updateVerdict);
    connect(m_session, &DatasetSession::finished, this, [this] {
        updateRows();
        updateVerdict();
        showFinalError();
    });
}

void DatasetTab::updateStyle()
{
    const GridStyle style = gridStyleOf(m_theme);
    m_grid->setStyle(style);
    m_inspector->setStyle(style);
}

void DatasetTab::updateRows()
{
    const std::uint64_t generation = m_session->dataset()->generation();
    if (m_generation != generation) {
        m_generation = generation;
        showSnapshot(m_session->dataset()->snapshot());
        if (isInspectorOpen() && !m_grid->currentCell())
            updateInspector();
        Q_EMIT statusChanged();
    }
    updateBadRows();
    const auto &schema = m_grid->source() ? m_grid->source()->schema() : nullptr;
    m_bar->setRows(m_grid->rowCount(), schema ? schema->columnCount() : 0,
                   m_session->isRunning() && !transfer::isFinal(m_session->progress()->state));
}

/// Rows that made room for newer ones moved the others up: then it is another table to the grid,
/// with the columns as they were.
void DatasetTab::showSnapshot(const store::DatasetSnapshot &snapshot)
{
    const bool isRenumbered = m_numbering && *m_numbering != snapshot.numbering();
    m_numbering = snapshot.numbering();
    if (!isRenumbered) {
        m_grid->setSnapshot(snapshot);
        restoreColumns();
        return;
    }
    const auto columns = m_grid->columnSettings();
    const bool follows = m_grid->followsTail();
    m_grid->setSource(std::make_shared<DatasetSource>(snapshot));
    m_grid->applyColumnSettings(columns);
    m_grid->setFollowTail(follows);
}

void DatasetTab::addBadRows()
{
    m_badRows = new BadRowsPage(m_session->library(), m_session->id().toStdString(),
                                m_session->name(), m_theme);
    m_pages->addWidget(m_badRows);
    connect(m_badRows, &BadRowsPage::said, this, &DatasetTab::said);
    connect(m_badRows, &BadRowsPage::failed, this,
            [this](const Error &error) { m_banner->show(errorText(error, m_session->name())); });
}

void DatasetTab::updateBadRows()
{
    const bool isRunning = m_session->isRunning();
    const auto count =
        (isRunning ? m_session->progress()->rejected : m_session->record().rejected).value();
    // At the end it is told once more: only now the library has them all.
    if (count == m_badRowCount && isRunning)
        return;
    m_badRowCount = count;
    if (count > 0 && m_badRows == nullptr)
        addBadRows();
    if (m_badRows == nullptr)
        return;
    m_badRows->setCount(count);
    m_bar->setPage(TabPage::BadRows, tr("Bad rows %1").arg(groupedText(count)));
}

void DatasetTab::connectPages()
{
    connect(m_bar, &ViewBar::pageChosen, this, &DatasetTab::showPage);
    connect(m_runs, &RunsPage::said, this, &DatasetTab::said);
    connect(m_runs, &RunsPage::failed, this,
            [this](const Error &error) { m_banner->show(errorText(error, m_session->name())); });
    connect(m_runs, &RunsPage::counted, this, [this](int runs) {
        m_hasRuns = runs > 1;
        m_bar->setPage(TabPage::Runs, m_hasRuns ? tr("Runs %1").arg(runs) : QString());
    });
}

QWidget *DatasetTab::page(TabPage page) const
{
    switch (page) {
    case TabPage::BadRows:
        return m_badRows;
    case TabPage::Runs:
        return m_hasRuns ? m_runs : nullptr;
    case TabPage::Rows:
        break;
    }
    return m_splitter;
}

bool DatasetTab::hasPage(TabPage which) const
{
    return page(which) != nullptr;
}

void DatasetTab::showPage(TabPage which)
{
    QWidget *shown = page(which);
    if (shown == nullptr)
        return;
    m_pages->setCurrentWidget(shown);
    m_bar->setCurrentPage(which);
    QWidget *focus = which == TabPage::Rows ? static_cast<QWidget *>(m_grid) : shown;
    setFocusProxy(focus);
    focus->setFocus();
}

void DatasetTab::restoreColumns()
{
    if (m_hasColumns || m_grid->rowCount() == RowCount())
        return;
    m_hasColumns = true;
    const auto kept = m_state.columns(m_session->source());
    if (!kept.empty())
        m_grid->applyColumnSettings(kept);
}

void DatasetTab::updateVerdict()
{
    const bool isRunning = m_session->isRunning();
    m_progress->setRunning(isRunning);
    m_strip->setVisible(isRunning);
    m_verdict->setVisible(!isRunning);
    if (isRunning)
        m_strip->begin(*m_session->progress());
    else
        m_verdict->setRecord(m_session->record(), m_session->isQueued());
    m_runs->refresh();
    Q_EMIT statusChanged();
}

void DatasetTab::showFinalError()
{
    const auto error = m_session->error();
    if (!error || error->code == ErrorCode::Cancelled)
        return;
    const store::DatasetRecord &record = m_session->record();
    ErrorText text = errorText(*error, m_session->source(), record.rows);
    if (const QString why = whyNotTriedAgain(record, *error); !why.isEmpty())
        text.next = why + (text.next.isEmpty() ? QString() : QLatin1Char(' ') + text.next);
    m_banner->show(text);
}

QWidget *DatasetTab::inspector() const
{
    return m_inspector;
}

bool DatasetTab::isInspectorOpen() const
{
    return !m_inspector->isHidden();
}

void DatasetTab::setInspectorOpen(bool isOpen)
{
    if (isOpen == isInspectorOpen())
        return;
    m_inspector->setVisible(isOpen);
    if (isOpen) {
        updateInspector();
        keepCurrentInView();
    } else {
        m_grid->setFocus();
    }
    Q_EMIT inspectorToggled(isOpen);
}

void DatasetTab::keepCurrentInView()
{
    // The grid is narrower once the panes have been laid out. A selected range stays selected.
    QMetaObject::invokeMethod(
        this,
        [this] {
            const auto cell = m_grid->currentCell();
            if (cell && m_grid->selectedCellCount() <= 1)
                m_grid->setCurrentCell(*cell);
        },
        Qt::QueuedConnection);
}

void DatasetTab::updateInspector()
{
    if (isInspectorOpen())
        m_inspector->setCell(m_grid->source(), m_grid->currentCell());
}

void DatasetTab::showDetails()
{
    if (m_session->isRunning())
        m_strip->showDetails(m_session->source());
    else
        m_verdict->showDetails();
}

void DatasetTab::togglePause()
{
    if (!m_session->isRunning())
        return;
    const auto state = m_session->progress()->state;
    if (state == transfer::TransferState::Paused)
        m_session->unpause();
    else if (state == transfer::TransferState::Receiving)
        m_session->pause();
}

void DatasetTab::tellStatus(StatusLine &status) const
{
    status.setPosition(m_row, m_grid->rowCount());
    if (m_selection.cells > 0)
        status.setSelection(m_selection);
    else
        status.clearSelection();
    const auto &source = m_grid->source();
    status.setTimes(source && source->schema() ? timesText(*source->schema()) : QString());
    const auto stored = m_session->record().storedBytes;
    status.setDisk(m_session->isRunning() ? std::nullopt : std::optional(stored));
}

} // namespace freshet::ui
