// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"
#include "cli/command.h"
#include "cli/command_end.h"
#include "cli/library_folder.h"
#include "cli/reject_text.h"
#include "cli/row_range.h"
#include "cli/standard_output.h"
#include "transfer/verdict.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

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

/// So many are held in memory at a time; each has at most 64 KiB of text.
constexpr std::int64_t kPage = 256;

using Writer = std::function<Status(std::string_view)>;

Status writeRejects(const store::Library &library, const std::string &id, RowRange range,
                    RejectFormat format, const Writer &write)
{
    FRESHET_TRY(write(rejectHeader(format)));
    std::string text;
    for (std::int64_t at = range.first.value(); at < range.end.value();) {
        const auto page = library.rejects(id, std::min(kPage, range.end.value() - at), at);
        if (!page)
            return fail(page.error());
        if (page->empty())
            break;
        text.clear();
        for (const auto &reject : *page)
            appendReject(text, reject, format);
        FRESHET_TRY(write(text));
        at += static_cast<std::int64_t>(page->size());
    }
    return {};
}

Status saveRejects(const store::Library &library, const std::string &id, RowRange range,
                   const std::filesystem::path &path)
{
    const auto format = rejectFormatFor(path);
    if (!format)
        return fail(format.error());
    auto file = AtomicFile::create(path);
    if (!file)
        return fail(std::move(file).error());
    FRESHET_TRY(writeRejects(library, id, range, *format,
                             [&](std::string_view text) { return file->write(text); }));
    return file->commit();
}

Status rejects(const Arguments &arguments)
{
    const auto named = findDataset(arguments, arguments.operands().front());
    if (!named)
        return fail(named.error());
    const auto &[library, record] = *named;
    const auto range = parseRowRange(arguments.value("rows").value_or(":"), record.rejected);
    if (!range)
        return fail(range.error());
    if (const auto file = arguments.value("save")) {
        FRESHET_TRY(saveRejects(*library, record.id, *range, *file));
        if (arguments.has("quiet"))
            return {};
        return writeOutput("saved " + *file + ": " +
                           transfer::groupedDigits((range->end - range->first).value()) +
                           " bad rows\n")
            .and_then(flushOutput);
    }
    const auto format = arguments.has("json") ? RejectFormat::Ndjson : RejectFormat::Human;
    FRESHET_TRY(writeRejects(*library, record.id, *range, format, writeOutput));
    if (record.rejected.value() == 0 && format == RejectFormat::Human && !arguments.has("quiet"))
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
