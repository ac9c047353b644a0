// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/reconcile.h"

#include "store/reconcile_pass.h"

#include <algorithm>

namespace freshet::store {

namespace {

Result<std::vector<int>> columnsOf(const columnar::Schema &schema, const ReconcileRule &rule)
{
    std::vector<int> columns;
    for (const std::string &name : rule.key) {
        const auto column = schema.indexOf(name);
        if (!column)
            return fail(ErrorCode::InvalidArgument, "key: there is no column \"" + name + '"');
        columns.push_back(*column);
    }
    return columns;
}

} // namespace

Result<RunFigures> reconcile(DatasetWriter &writer, RowIndex from, const ReconcileRule &rule,
                             const CancelToken &cancel)
{
    const DatasetSnapshot snapshot = writer.dataset()->snapshot();
    const RowIndex end(snapshot.rowCount().value());
    RunFigures figures;
    if (from >= end)
        return figures;
    const auto key = columnsOf(*snapshot.schema(), rule);
    if (!key)
        return fail(key.error());

    RowSet gone(snapshot);
    while (from < end) {
        const RowIndex passEnd =
            std::min(end, from + RowCount(std::max<std::int64_t>(rule.keysAtOnce, 1)));
        ReconcilePass pass(snapshot, *key, rule.replaces, gone, cancel);
        FRESHET_TRY(pass.takeNewRows(from, passEnd));
        FRESHET_TRY(pass.meetOlderRows(from));
        figures.updated += pass.figures().updated;
        figures.duplicates += pass.figures().duplicates;
        figures.added += pass.figures().added;
        from = passEnd;
    }
    for (std::int64_t batch = 0; batch < snapshot.batchCount(); ++batch)
        FRESHET_TRY(writer.supersede(gone.inBatch(batch)));
    return figures;
}

} // namespace freshet::store
