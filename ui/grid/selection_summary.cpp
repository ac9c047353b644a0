// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/selection_summary.h"

#include "columnar/value_text.h"
#include "grid/exact_sum.h"

#include <algorithm>

namespace freshet::ui {

namespace {

void addRun(SelectionSummary &summary, ExactSum &sum, const columnar::Column &column,
            std::int64_t first, std::int64_t end)
{
    const bool isNumber = column.type.isNumber();
    if (!isNumber && column.nullCount == 0)
        return;
    for (std::int64_t row = first; row < end; ++row) {
        if (column.isNull(row))
            ++summary.absent;
        else if (isNumber)
            sum.add(column, row);
    }
}

} // namespace

Result<SelectionSummary> summarize(const GridSource &source, const CellBlocks &blocks,
                                   const CancelToken &cancel)
{
    SelectionSummary summary;
    summary.cells = blocks.cellCount();
    summary.rows = blocks.rowCount();
    ExactSum sum;
    for (const CellBlock &block : blocks.blocks) {
        for (const int column : block.columns) {
            RowIndex row = block.rows.first;
            while (row < block.rows.end) {
                if (cancel.isCancelled())
                    return fail(ErrorCode::Cancelled, "adding up was cancelled");
                const Result<CellRun> run = source.load(row, column);
                if (!run)
                    return fail(run.error());
                const RowIndex end = std::min(block.rows.end, run->rows().end);
                addRun(summary, sum, run->column, (row - run->first).value(),
                       (end - run->first).value());
                row = end;
            }
        }
    }
    summary.hasFigures = true;
    summary.numbers = sum.count();
    if (sum.count() > 0) {
        summary.sum = sum.sum();
        summary.min = sum.min();
        summary.max = sum.max();
        summary.isSumRounded = sum.isRounded();
    }
    return summary;
}

} // namespace freshet::ui
