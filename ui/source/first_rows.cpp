// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/first_rows.h"

#include <algorithm>

namespace freshet::ui {

RowCount FirstRows::rowCount() const
{
    return std::min(m_source->rowCount(), m_most);
}

RowRange FirstRows::runAround(RowIndex row) const
{
    RowRange run = m_source->runAround(row);
    run.end = std::min(run.end, RowIndex() + m_most);
    return run;
}

std::optional<CellRun> FirstRows::peek(RowIndex row, int column) const
{
    auto run = m_source->peek(row, column);
    return run ? std::optional(cut(std::move(*run))) : std::nullopt;
}

Result<CellRun> FirstRows::load(RowIndex row, int column) const
{
    auto run = m_source->load(row, column);
    if (!run)
        return fail(std::move(run).error());
    return cut(std::move(*run));
}

CellRun FirstRows::cut(CellRun run) const
{
    const RowCount wanted = std::min(run.rows().count(), m_most - (run.first - RowIndex()));
    if (wanted < run.rows().count())
        run.column = columnar::sliceColumn(run.column, 0, wanted.value());
    return run;
}

} // namespace freshet::ui
