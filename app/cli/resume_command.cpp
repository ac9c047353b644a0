// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/download_run.h"
#include "cli/error_text.h"
#include "cli/library_folder.h"
#include "cli/save_file.h"
#include "transfer/resume_point.h"

#include <array>
#include <cstdio>

namespace freshet::cli {

namespace {

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

ExitCode report(const Error &error, const std::string &source = {})
{
    if (error.code == ErrorCode::InvalidArgument)
        printUsageError(error.detail, "resume");
    else
        printError(error, source);
    return exitCodeFor(error.code);
}

ExitCode run(const Arguments &arguments)
{
    const auto targets = saveTargetsFrom(arguments);
    if (!targets)
        return report(targets.error());
    auto headers = headersFrom(arguments);
    if (!headers)
        return report(headers.error());
    auto library = openLibrary(arguments);
    if (!library)
        return report(library.error());
    const auto record = (*library)->find(arguments.operands().front());
    if (!record)
        return report(record.error());
    auto transfer = transfer::Transfer::resume(
        *library, record->id,
        {.url = arguments.value("url").value_or(""), .headers = std::move(*headers)},
        transfer::Transfer::Options());
    if (!transfer)
        return report(transfer.error(), record->source);
    if (!arguments.has("quiet"))
        announce(*record);
    return followToTheEnd(**library, std::move(*transfer), record->source, *targets, arguments);
}

} // namespace

const Command &resumeCommand()
{
    static const Command kCommand{
        .name = "resume",
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
