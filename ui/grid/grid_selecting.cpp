// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_header.h"
#include "grid/grid_view.h"
#include "grid/header_model.h"

#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QtConcurrentRun>

#include <algorithm>
#include <limits>
#include <utility>

namespace freshet::ui {

std::optional<CellIndex> DatasetGrid::currentCell() const
{
    const std::optional<GridPlace> current = m_selection.current();
    if (!current || isEmpty() || current->column >= m_columns->shownCount())
        return std::nullopt;
    return CellIndex{RowIndex(current->row), m_columns->columnAt(current->column)};
}

void DatasetGrid::setCurrentCell(CellIndex cell)
{
    const std::optional<int> place = m_columns->placeOf(cell.column);
    if (!place || cell.row.value() < 0 || cell.row.value() >= m_axis.rowCount().value())
        return;
    m_selection.select({cell.row.value(), *place}, GridSelection::Mode::Replace);
    revealCurrent();
    selectionTouched();
}

void DatasetGrid::revealCurrent()
{
    const std::optional<GridPlace> current = m_selection.current();
    if (!current)
        return;
    const std::int64_t before = m_axis.offset();
    if (m_axis.ensureVisible(RowIndex(current->row)))
        scrolled(By::User, before);
    const int column = m_columns->columnAt(current->column);
    const int left = m_header->sectionPosition(column);
    const int right = left + m_header->sectionSize(column);
    QScrollBar *bar = horizontalScrollBar();
    if (left < bar->value() || right - left > bar->pageStep())
        bar->setValue(left);
    else if (right > bar->value() + bar->pageStep())
        bar->setValue(right - bar->pageStep());
}

void DatasetGrid::selectAll()
{
    if (isEmpty())
        return;
    m_selection.selectAll(m_selection.current().value_or(GridPlace{}));
    selectionTouched();
}

void DatasetGrid::clearSelection()
{
    m_selection.clear();
    selectionTouched();
}

// Places mean other columns now: what stays is the current cell.
void DatasetGrid::columnsArranged()
{
    if (m_selection.current()) {
        const int wanted = m_toldCurrent ? m_toldCurrent->column : 0;
        const int last = std::max(0, m_columns->shownCount() - 1);
        const int place =
            m_columns->placeOf(wanted).value_or(std::min(m_selection.current()->column, last));
        m_selection.select({m_selection.current()->row, place}, GridSelection::Mode::Replace);
        selectionTouched();
    }
    updateScrollBars();
    settleWidths();
    viewport()->update();
}

void DatasetGrid::selectionTouched()
{
    viewport()->update();
    m_header->viewport()->update();
    announceCurrent();
    m_summing.cancel();
    m_summaryDelay.start();
    Q_EMIT selectionChanged();
}

void DatasetGrid::announceCurrent()
{
    const std::optional<CellIndex> current = currentCell();
    if (current == m_toldCurrent)
        return;
    m_toldCurrent = current;
    if (current && QAccessible::isActive()) {
        const DisplayCell *cell = m_cells.find(*current);
        const QString name = QString::fromStdString(m_headerModel->field(current->column).name);
        setAccessibleDescription(tr("Row %1, %2: %3")
                                     .arg(QString::number(current->row.value() + 1), name,
                                          cell == nullptr ? QString() : cell->text));
        QAccessibleEvent event(this, QAccessible::DescriptionChanged);
        QAccessible::updateAccessibility(&event);
    }
    Q_EMIT currentCellChanged(current);
}

CellBlocks DatasetGrid::selectedCells() const
{
    CellBlocks selected;
    if (isEmpty())
        return selected;
    std::vector<bool> isUsed(static_cast<std::size_t>(m_columns->shownCount()), false);
    for (const CellRect &rect :
         m_selection.disjoint(m_axis.rowCount().value(), m_columns->shownCount())) {
        const RowRange rows{RowIndex(rect.firstRow), RowIndex(rect.endRow)};
        // Rectangles of the same rows stand side by side.
        if (selected.blocks.empty() || selected.blocks.back().rows != rows)
            selected.blocks.push_back({rows, {}});
        for (int place = rect.firstColumn; place < rect.endColumn; ++place) {
            selected.blocks.back().columns.push_back(m_columns->columnAt(place));
            isUsed[static_cast<std::size_t>(place)] = true;
        }
    }
    for (int place = 0; place < m_columns->shownCount(); ++place) {
        if (isUsed[static_cast<std::size_t>(place)])
            selected.columns.push_back(m_columns->columnAt(place));
    }
    return selected;
}

std::int64_t DatasetGrid::selectedCellCount() const
{
    return selectedCells().cellCount();
}

void DatasetGrid::startSummary()
{
    m_summing.cancel();
    m_summing = CancelToken();
    CellBlocks blocks = selectedCells();
    SelectionSummary counted;
    counted.cells = blocks.cellCount();
    counted.rows = blocks.rowCount();
    if (counted.cells < 2 || counted.cells > SelectionSummary::kMaxCells) {
        Q_EMIT selectionSummaryChanged(counted);
        return;
    }
    QtConcurrent::run(&m_reader, [source = m_source, blocks = std::move(blocks),
                                  cancel = m_summing] {
        return summarize(*source, blocks, cancel);
    }).then(this, [this, counted, cancel = m_summing](const Result<SelectionSummary> &summary) {
        if (!cancel.isCancelled())
            Q_EMIT selectionSummaryChanged(summary.value_or(counted));
    });
}

// From the cells in view, which is enough to ask whether so much was meant.
std::int64_t DatasetGrid::estimatedBytes(std::int64_t cells) const
{
    std::int64_t seen = 0;
    std::int64_t bytes = 0;
    const RowRange rows = m_axis.visibleRows();
    for (const VisibleColumn &shown : m_columns->visible(m_header->width())) {
        for (RowIndex row = rows.first; row < rows.end; row += RowCount(1)) {
            if (const DisplayCell *cell = m_cells.find({row, shown.column})) {
                ++seen;
                bytes += cell->text.size() + 1;
            }
        }
    }
    const double average = seen == 0 ? 1.0 : double(bytes) / double(seen);
    const double estimate = average * double(cells);
    constexpr double kMost = 9e18;
    return static_cast<std::int64_t>(std::min(estimate, kMost));
}

QFuture<Result<std::string>> DatasetGrid::selectionText(CopyOptions options) const
{
    return QtConcurrent::run(&m_reader,
                             [source = m_source, blocks = selectedCells(), options,
                              cancel = m_copying]() -> Result<std::string> {
                                 return source ? copyText(*source, blocks, options, cancel)
                                               : std::string();
                             });
}

void DatasetGrid::copySelection(CopyOptions options, bool confirmed)
{
    const std::int64_t cells = selectedCellCount();
    if (cells == 0)
        return;
    if (cells > kCopyAskCells && !confirmed) {
        Q_EMIT copyNeedsConfirmation(options, cells, estimatedBytes(cells));
        return;
    }
    CopyOptions bounded = options;
    bounded.maxBytes = confirmed ? kCopyMaxBytes : std::min(options.maxBytes, kCopyAskBytes);
    // The latest copy wins.
    m_copying.cancel();
    m_copying = CancelToken();
    selectionText(bounded).then(this, [this, options, cells, confirmed,
                                       cancel = m_copying](const Result<std::string> &text) {
        if (cancel.isCancelled())
            return;
        if (text) {
            const auto bytes = static_cast<qint64>(text->size());
            QGuiApplication::clipboard()->setText(QString::fromStdString(*text));
            Q_EMIT copyFinished(cells, bytes);
        } else if (text.error().code == ErrorCode::LimitReached && !confirmed) {
            Q_EMIT copyNeedsConfirmation(options, cells, estimatedBytes(cells));
        } else {
            Q_EMIT copyFailed(text.error());
        }
    });
}

} // namespace freshet::ui
