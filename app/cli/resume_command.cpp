// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/command_end.h"
#include "cli/download_run.h"
#include "cli/error_text.h"
#include "cli/library_folder.h"
#include "cli/save_file.h"
#include "transfer/resume_point.h"

#include <array>
#include <cstdio>

namespace freshet::cli {

namespace {

constexpr std::string_view kName = "resume";

constexpr std::array kOptions = {
    Option{"header-line", 'H', "'K: V'", "a secret header, which the library does not keep"},
    Option{"url", '\0', "URL", "the URL again, if it held a secret"},
    Option{"save", '\0', "FILE", "also write FILE (.csv .tsv .ndjson .json .parquet .arrow)"},
    kNoManifestOption,
    Option{"json", '\0', "", "print one JSON object at the end"},
    kQuietOption,
    kLibraryOption,
    kHelpOption,
};

/// Say what will happen before it happens.
void announce(const store::DatasetRecord &record)
{
    const auto point = transfer::ResumePoint::fromJson(record.resumePoint);
    if (point)
        std::fprintf(stderr, "%s: %s\n", record.name.c_str(), point->plan().c_str());
}

ExitCode run(const Arguments &arguments)
{
    const auto targets = saveTargetsFrom(arguments);
    if (!targets)
        return notBegun(targets.error(), kName);
    auto headers = headersFrom(arguments);
    if (!headers)
        return notBegun(headers.error(), kName);
    const auto named = findDataset(arguments, arguments.operands().front());
    if (!named)
        return notBegun(named.error(), kName);
    const auto &[library, record] = *named;
    auto transfer = transfer::Transfer::resume(
        library, record.id,
        {.url = arguments.value("url").value_or(""), .headers = std::move(*headers)},
        transfer::Transfer::Options());
    if (!transfer)
        return notBegun(transfer.error(), kName, record.source);
    if (!arguments.has("quiet"))
        announce(record);
    return followToTheEnd(*library, std::move(*transfer), record.source, *targets, arguments);
}

} // namespace

const Command &resumeCommand()
{
    static const Command kCommand{
        .name = kName,
        .synopsis = "DATASET [-H 'K: V']… [--save FILE]… [--json]",
        .summary = "Go on with a dataset that is not complete.",
        .options = kOptions,
        .leastOperands = 1,
        .mostOperands = 1,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
