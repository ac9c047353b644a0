// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/cell_cache.h"

#include <algorithm>
#include <utility>

namespace freshet::ui {

CellCache::CellCache(QObject *parent) : QObject(parent)
{
    m_worker.setMaxThreadCount(1);
    m_worker.setObjectName(QStringLiteral("grid reader"));
}

CellCache::~CellCache()
{
    m_reading.cancel();
    m_worker.clear();
    m_worker.waitForDone();
}

void CellCache::reset(GridSourcePtr source)
{
    m_reading.cancel();
    m_cells.clear();
    m_wish.reset();
    m_hasToldFailure = false;
    ++m_epoch;
    m_source = std::move(source);
}

void CellCache::grow(GridSourcePtr source)
{
    const GridSourcePtr before = std::exchange(m_source, std::move(source));
    if (!before || before->schema() == m_source->schema())
        return;
    const auto &oldFields = before->schema()->fields;
    const auto &newFields = m_source->schema()->fields;
    const auto widened = [&](int column) {
        const auto at = static_cast<std::size_t>(column);
        return at >= oldFields.size() || at >= newFields.size() ||
               oldFields[at].type != newFields[at].type;
    };
    const qsizetype removed =
        m_cells.removeIf([&](const auto &entry) { return widened(entry.key().column); });
    // What is being read may be of the old type and will be turned away, so ask again.
    m_wish.reset();
    if (removed > 0)
        m_reading.cancel();
}

const DisplayCell *CellCache::find(CellIndex cell) const
{
    const auto found = m_cells.constFind(Key{cell.row.value(), cell.column});
    return found == m_cells.constEnd() ? nullptr : &*found;
}

void CellCache::want(RowRange rows, std::vector<int> columns, RowRange ahead)
{
    Wish wish{rows, std::move(columns)};
    if (!m_source || wish == m_wish)
        return;
    std::vector<Span> missing;
    for (const int column : wish.columns)
        takeFromMemory(wish.rows, column, Keep::Cells, missing);
    const bool isComplete = missing.empty();
    for (const int column : wish.columns)
        takeFromMemory(ahead, column, Keep::Nothing, missing);
    m_wish = std::move(wish);
    evict();
    // A reading that was begun for cells in view is not given up for those ahead alone.
    if (!missing.empty() && (!isComplete || m_worker.activeThreadCount() == 0))
        startReading(std::move(missing));
}

void CellCache::takeFromMemory(RowRange rows, int column, Keep keep, std::vector<Span> &missing)
{
    std::optional<CellRun> run;
    RowIndex row = rows.first;
    while (row < rows.end) {
        if (m_cells.contains(Key{row.value(), column})) {
            row += RowCount(1);
            continue;
        }
        run = m_source->peek(row, column);
        if (!run) {
            const RowIndex end = std::min(rows.end, m_source->runAround(row).end);
            missing.push_back({{row, end}, column});
            row = end;
            continue;
        }
        const RowIndex end = std::min(rows.end, run->rows().end);
        for (; row < end; row += RowCount(1)) {
            const Key key{row.value(), column};
            if (keep == Keep::Cells && !m_cells.contains(key))
                m_cells.insert(key, displayCell(run->column, (row - run->first).value()));
        }
    }
}

void CellCache::startReading(std::vector<Span> spans)
{
    m_reading.cancel();
    m_reading = CancelToken();
    // Those waiting in line are out of date; the one at work stops after its run.
    m_worker.clear();
    m_worker.start(
        [this, source = m_source, spans = std::move(spans), epoch = m_epoch, cancel = m_reading] {
            for (const Span &span : spans) {
                if (cancel.isCancelled())
                    return;
                readSpan(*source, span, epoch, cancel);
            }
        });
}

// On the worker: touches no member but the queue of this object's events.
void CellCache::readSpan(const GridSource &source, const Span &span, std::uint64_t epoch,
                         const CancelToken &cancel)
{
    const columnar::LogicalType type =
        source.schema()->fields[static_cast<std::size_t>(span.column)].type;
    RowIndex row = span.rows.first;
    while (row < span.rows.end && !cancel.isCancelled()) {
        Delivery delivery{epoch, type, row, span.column, {}, std::nullopt};
        const Result<CellRun> run = source.load(row, span.column);
        const RowIndex end =
            std::min(span.rows.end, run ? run->rows().end : source.runAround(row).end);
        if (!run || !run->rows().contains(row)) {
            delivery.error =
                run ? Error{ErrorCode::Internal, "a run without its row"} : run.error();
            delivery.cells.resize((end - row).asSize(), {CellLook::Failed, false, false, {}});
            row = end;
        }
        for (; row < end; row += RowCount(1))
            delivery.cells.push_back(displayCell(run->column, (row - run->first).value()));
        deliver(std::move(delivery));
    }
}

void CellCache::deliver(Delivery delivery)
{
    QMetaObject::invokeMethod(
        this,
        [this, delivery = std::make_shared<Delivery>(std::move(delivery))] { take(*delivery); },
        Qt::QueuedConnection);
}

void CellCache::take(Delivery &delivery)
{
    const auto column = static_cast<std::size_t>(delivery.column);
    if (delivery.epoch != m_epoch || m_source->schema()->fields[column].type != delivery.type)
        return;
    std::int64_t row = delivery.first.value();
    for (DisplayCell &cell : delivery.cells)
        m_cells.insert(Key{row++, delivery.column}, std::move(cell));
    Q_EMIT cellsArrived();
    if (delivery.error && !std::exchange(m_hasToldFailure, true))
        Q_EMIT readFailed(*delivery.error);
}

void CellCache::evict()
{
    if (m_cells.size() <= kMaxCells)
        return;
    m_cells.removeIf([this](const auto &entry) {
        const Key &key = entry.key();
        return !m_wish->rows.contains(RowIndex(key.row)) ||
               std::find(m_wish->columns.begin(), m_wish->columns.end(), key.column) ==
                   m_wish->columns.end();
    });
}

} // namespace freshet::ui
