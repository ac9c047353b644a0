// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/command_end.h"
#include "cli/library_folder.h"
#include "cli/reject_text.h"
#include "cli/row_range.h"
#include "cli/standard_output.h"
#include "exporters/bad_rows.h"
#include "transfer/verdict.h"

#include <array>
#include <cstdio>

namespace freshet::cli {

namespace {

constexpr std::array kOptions = {
    Option{"rows", '\0', "A:B", "bad rows from A up to, not including, B, counted from 0"},
    Option{"save", '\0', "FILE", "write FILE (.ndjson .jsonl .csv) in place of printing"},
    Option{"json", '\0', "", "print NDJSON, one object a row"},
    kQuietOption,
    kLibraryOption,
    kHelpOption,
};

Status printRejects(const store::Library &library, const std::string &id,
                    exporters::BadRowRange range, bool asJson)
{
    std::string text;
    const auto count =
        exporters::forEachBadRow(library, id, range, [&](const store::StoredReject &reject) {
            text.clear();
            if (asJson)
                appendBadRow(text, reject, exporters::BadRowFormat::Ndjson);
            else
                text = rejectText(reject);
            return writeOutput(text);
        });
    return count ? Status() : fail(count.error());
}

Status rejects(const Arguments &arguments)
{
    const auto named = findDataset(arguments, arguments.operands().front());
    if (!named)
        return fail(named.error());
    const auto &[library, record] = *named;
    const auto rows = parseRowRange(arguments.value("rows").value_or(":"), record.rejected);
    if (!rows)
        return fail(rows.error());
    const exporters::BadRowRange range{rows->first.value(), rows->end.value()};
    const bool isQuiet = arguments.has("quiet");
    if (const auto file = arguments.value("save")) {
        const auto count = exporters::exportBadRows(*library, record.id, *file, range);
        if (!count)
            return fail(count.error());
        if (isQuiet)
            return {};
        return writeOutput("saved " + *file + ": " + transfer::groupedDigits(*count) +
                           " bad rows\n")
            .and_then(flushOutput);
    }
    const bool asJson = arguments.has("json");
    FRESHET_TRY(printRejects(*library, record.id, range, asJson));
    if (record.rejected.value() == 0 && !asJson && !isQuiet)
        std::fprintf(stderr, "%s has no bad rows.\n", record.name.c_str());
    return flushOutput();
}

ExitCode run(const Arguments &arguments)
{
    return endedWith(rejects(arguments));
}

} // namespace

const Command &rejectsCommand()
{
    static const Command kCommand{
        .name = "rejects",
        .synopsis = "DATASET [--rows A:B] [--save FILE] [--json]",
        .summary = "Show the bad rows that were kept aside: where, why, and as they were sent.\n"
                   "Text that is not UTF-8 stands as raw_base64 in NDJSON and CSV.",
        .options = kOptions,
        .leastOperands = 1,
        .mostOperands = 1,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
