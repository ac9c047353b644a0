// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/error_text.h"
#include "cli/human_text.h"
#include "cli/interrupt.h"
#include "cli/library_folder.h"
#include "cli/progress_line.h"
#include "cli/save_file.h"
#include "cli/standard_output.h"
#include "transfer/verdict.h"

#include <array>
#include <cstdio>

namespace freshet::cli {

namespace {

constexpr std::array kOptions = {
    Option{"format", '\0', "FORMAT", "csv, tsv, ndjson, json, parquet, arrow (default: by suffix)"},
    Option{"where", '\0', "SQL", "only rows for which this holds"},
    Option{"columns", '\0', "a,b", "only these columns, in this order; may be repeated"},
    Option{"compression", '\0', "NAME",
           "Parquet: zstd, snappy, gzip, none; text formats: gzip, zstd, none"},
    kNoManifestOption,
    kQuietOption,
    kLibraryOption,
    kHelpOption,
};

Status readCompression(const std::string &name, exporters::ExportOptions &options)
{
    using exporters::TextCompression;
    if (options.format == exporters::ExportFormat::Parquet)
        options.parquetCompression = name;
    else if (name == "gzip")
        options.compression = TextCompression::Gzip;
    else if (name == "zstd")
        options.compression = TextCompression::Zstd;
    else if (name == "none")
        options.compression = TextCompression::None;
    else
        return fail(ErrorCode::InvalidArgument, "--compression is gzip, zstd or none here");
    return {};
}

Result<exporters::ExportOptions> optionsFrom(const Arguments &arguments,
                                             const columnar::Schema &schema)
{
    exporters::ExportOptions options;
    if (const auto name = arguments.value("format")) {
        const auto format = exporters::exportFormatByName(*name);
        if (!format)
            return fail(ErrorCode::InvalidArgument, "there is no format \"" + *name + '"');
        options.format = *format;
    } else {
        auto byName = exporters::optionsForFile(arguments.operands()[1]);
        if (!byName)
            return fail(std::move(byName).error());
        options = std::move(*byName);
    }
    for (const auto &list : arguments.values("columns")) {
        const auto names = schema.indexOf(list) ? std::vector<std::string>{list} : splitList(list);
        options.columns.insert(options.columns.end(), names.begin(), names.end());
    }
    options.where = arguments.value("where").value_or("");
    if (const auto name = arguments.value("compression"))
        FRESHET_TRY(readCompression(*name, options));
    FRESHET_TRY(options.validate());
    return options;
}

Result<exporters::ExportReport> save(const Arguments &arguments, const CancelToken &cancel)
{
    const auto opened = openDataset(arguments, arguments.operands()[0]);
    if (!opened)
        return fail(opened.error());
    const auto snapshot = opened->dataset->snapshot();
    const auto options = optionsFrom(arguments, *snapshot.schema());
    if (!options)
        return fail(options.error());
    const std::filesystem::path file = arguments.operands()[1];
    ProgressLine line(arguments.has("quiet"));
    auto report = saveFile(snapshot, opened->record, {file, *options}, arguments, cancel, line);
    line.clear();
    if (report)
        warnIfIncomplete(opened->record, file);
    return report;
}

ExitCode run(const Arguments &arguments)
{
    const Interrupt interrupt;
    const auto report = save(arguments, interrupt.token());
    if (!report) {
        printError(report.error());
        return exitCodeFor(report.error().code);
    }
    if (!arguments.has("quiet"))
        std::printf("saved %s: %s rows, %s\n", report->file.c_str(),
                    transfer::groupedDigits(report->rows.value()).c_str(),
                    sizeText(report->bytes).c_str());
    if (const auto flushed = flushOutput(); !flushed) {
        printError(flushed.error());
        return ExitCode::LocalFailure;
    }
    return ExitCode::Done;
}

} // namespace

const Command &saveCommand()
{
    static const Command kCommand{
        .name = "save",
        .synopsis = "DATASET FILE [--format FORMAT] [--where SQL] [--columns a,b]",
        .summary = "Write a dataset to a file.",
        .options = kOptions,
        .leastOperands = 2,
        .mostOperands = 2,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
