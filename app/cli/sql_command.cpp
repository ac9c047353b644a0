// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/command_end.h"
#include "cli/interrupt.h"
#include "cli/library_folder.h"
#include "cli/standard_output.h"
#include "query/query_engine.h"

#include <array>

namespace freshet::cli {

namespace {

constexpr std::array kOptions = {kLibraryOption, kHelpOption};

Status query(const Arguments &arguments, const CancelToken &cancel)
{
    const auto opened = openDataset(arguments, arguments.operands()[0]);
    if (!opened)
        return fail(opened.error());
    const auto engine = query::QueryEngine::open(query::QueryEngine::Options());
    if (!engine)
        return fail(engine.error());
    FRESHET_TRY((*engine)->attach("data", opened->dataset->snapshot()));
    const auto reader = (*engine)->query(arguments.operands()[1], cancel);
    if (!reader)
        return fail(reader.error());
    while (true) {
        const auto batch = (*reader)->next();
        if (!batch)
            return fail(batch.error());
        if (!*batch)
            return flushOutput();
        FRESHET_TRY(writeNdjson(**batch));
    }
}

ExitCode run(const Arguments &arguments)
{
    const Interrupt interrupt;
    return endedWith(query(arguments, interrupt.token()));
}

} // namespace

const Command &sqlCommand()
{
    static const Command kCommand{
        .name = "sql",
        .synopsis = "DATASET 'select … from data'",
        .summary = "Run a query over a dataset and print the result as NDJSON.",
        .options = kOptions,
        .leastOperands = 2,
        .mostOperands = 2,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
