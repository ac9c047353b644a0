// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/command_end.h"
#include "cli/library_folder.h"
#include "cli/row_range.h"
#include "cli/run_text.h"
#include "cli/standard_output.h"

#include <algorithm>
#include <array>

namespace freshet::cli {

namespace {

constexpr std::array kOptions = {
    Option{"rows", '\0', "A:B", "rows from A up to, not including, B, counted from 0"},
    Option{"columns", '\0', "a,b", "only these columns, in this order; may be repeated"},
    Option{"runs", '\0', "", "what was done to the dataset, one JSON object a line"},
    kLibraryOption,
    kHelpOption,
};

Result<std::vector<int>> columnsFrom(const Arguments &arguments, const columnar::Schema &schema)
{
    std::vector<int> columns;
    for (const auto &list : arguments.values("columns")) {
        // A name may hold a comma: the whole text counts first.
        const auto names = schema.indexOf(list) ? std::vector<std::string>{list} : splitList(list);
        for (const auto &name : names) {
            const auto index = schema.indexOf(name);
            if (!index)
                return fail(ErrorCode::InvalidArgument, "there is no column \"" + name + '"');
            columns.push_back(*index);
        }
    }
    if (columns.empty()) {
        for (int i = 0; i < schema.columnCount(); ++i)
            columns.push_back(i);
    }
    return columns;
}

Status printRows(const store::DatasetSnapshot &snapshot, const std::vector<int> &columns,
                 RowRange range)
{
    RowIndex row = range.first;
    while (row < range.end) {
        const auto number = snapshot.batchOf(row);
        const auto extent = snapshot.extent(number);
        auto batch = snapshot.batch(number, columns);
        if (!batch)
            return fail(std::move(batch).error());
        const RowIndex end = std::min(extent.first + extent.rows, range.end);
        FRESHET_TRY(writeNdjson(
            columnar::sliceBatch(*batch, (row - extent.first).value(), (end - row).value())));
        row = end;
    }
    return flushOutput();
}

Status showRuns(const Arguments &arguments)
{
    const auto named = findDataset(arguments, arguments.operands().front());
    if (!named)
        return fail(named.error());
    const auto runs = named->library->runs(named->record.id);
    if (!runs)
        return fail(runs.error());
    for (const auto &run : *runs)
        FRESHET_TRY(writeOutput(runJson(run) + '\n'));
    return flushOutput();
}

Status show(const Arguments &arguments)
{
    if (arguments.has("runs"))
        return showRuns(arguments);
    const auto opened = openDataset(arguments, arguments.operands().front());
    if (!opened)
        return fail(opened.error());
    const auto snapshot = opened->dataset->snapshot();
    const auto columns = columnsFrom(arguments, *snapshot.schema());
    if (!columns)
        return fail(columns.error());
    const auto range = parseRowRange(arguments.value("rows").value_or(":"), snapshot.rowCount());
    if (!range)
        return fail(range.error());
    return printRows(snapshot, *columns, *range);
}

ExitCode run(const Arguments &arguments)
{
    return endedWith(show(arguments));
}

} // namespace

const Command &showCommand()
{
    static const Command kCommand{
        .name = "show",
        .synopsis = "DATASET [--rows A:B] [--columns a,b] | --runs",
        .summary = "Print rows as NDJSON with exact values.",
        .options = kOptions,
        .leastOperands = 1,
        .mostOperands = 1,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
