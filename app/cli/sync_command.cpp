// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/command_end.h"
#include "cli/download_run.h"
#include "cli/error_text.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/library_folder.h"
#include "cli/page_options.h"
#include "cli/postgres_options.h"
#include "cli/save_file.h"
#include "cli/since_options.h"
#include "cli/standard_output.h"
#include "transfer/earlier_run.h"
#include "transfer/shell_words.h"
#include "transfer/sync.h"

#include <array>
#include <cstdio>

namespace freshet::cli {

namespace {

using transfer::SyncChange;
using transfer::Transfer;

constexpr std::string_view kName = "sync";

constexpr std::array kOptionsBeforePages = {
    Option{"since", '\0', "RULE",
           "param=NAME,from=COLUMN: what to ask with, and where it comes from (see get)"},
    Option{"from", '\0', "URL", "where the rows come from from now on"},
};
constexpr std::array kOptionsBehindPages = {
    Option{"key", '\0', "a,b",
           "columns that tell rows apart; PostgreSQL: what comes after the last is new"},
    Option{"mode", '\0', "insert|upsert", "a row whose key is known is dropped, or replaces it"},
    Option{"overlap", '\0', "N|TIME", "ask from so far before: 100, 90s, 10m, 2h, 1d"},
    Option{"format", '\0', "FORMAT", "of what --from sends: auto, json, ndjson, csv, tsv"},
    Option{"rows-at", '\0', "PATH", "JSON from --from: where the rows are"},
    kSqlOption,
    kTableOption,
    kViaOption,
    kTimeoutOption,
    kBatchRowsOption,
    Option{"header-line", 'H', "'K: V'", "request header; secret ones are not kept"},
    Option{"url", '\0', "URL", "the URL again, if it held a secret"},
    Option{"save", '\0', "FILE", "also write FILE (.csv .tsv .ndjson .json .parquet .arrow)"},
    kNoManifestOption,
    Option{"json", '\0', "", "print one JSON object at the end"},
    kQuietOption,
    kLibraryOption,
    kHelpOption,
};
constexpr auto kOptions = joined(joined(kOptionsBeforePages, kPageOptions), kOptionsBehindPages);

bool isPostgres(const Result<transfer::DownloadRequest> &kept,
                const std::optional<std::string> &newUrl)
{
    return transport::isPostgresUrl(newUrl ? *newUrl : kept ? kept->bytes.url : std::string());
}

Result<SyncChange> changeFrom(const Arguments &arguments, const store::DatasetRecord &record,
                              const std::vector<transport::Header> &headers)
{
    SyncChange change;
    const auto kept = transfer::DownloadRequest::fromJson(record.request);
    const auto url = arguments.value("from");
    if (!url && arguments.has("page"))
        return fail(ErrorCode::InvalidArgument,
                    "--page needs --from URL; without it, pages come as they did before");
    if (isPostgres(kept, url)) {
        change.key = splitList(arguments.value("key").value_or(""));
    } else {
        auto rule = sinceRuleFrom(arguments, kept ? kept->since : std::nullopt);
        if (!rule)
            return fail(std::move(rule).error());
        change.since = std::move(*rule);
    }
    if (!url)
        return change;
    transfer::DownloadRequest source;
    source.bytes.url = *url;
    source.bytes.headers = headers;
    source.decode.rowsAt = arguments.value("rows-at").value_or("");
    auto pages = pagesFrom(arguments);
    if (!pages)
        return fail(std::move(pages).error());
    source.pages = std::move(*pages);
    if (const auto name = arguments.value("format")) {
        const auto format = decode::formatByName(*name);
        if (!format)
            return fail(ErrorCode::InvalidArgument, "--format: \"" + *name + "\" is not known");
        source.decode.format = *format;
    }
    FRESHET_TRY(readPostgres(arguments, source));
    change.source = std::move(source);
    return change;
}

/// A source without a since rule: all that can be asked is whether it has changed.
ExitCode check(store::Library &library, const store::DatasetRecord &record,
               const transfer::RequestSecrets &secrets, bool wantsJson, bool isQuiet)
{
    const Interrupt interrupt;
    const auto answer =
        transfer::checkSource(library, record.id, secrets, Transfer::Options(), interrupt.token());
    if (!answer && transfer::isResumable(record)) {
        printProblem(answer.error().detail, {},
                     "freshet-cli resume " + transfer::shellQuoted(record.name) +
                         " goes on with it.");
        return exitCodeFor(answer.error().code);
    }
    if (!answer)
        return notBegun(answer.error(), kName, record.source);
    std::string text = record.name + ": " + answer->sentence + '\n';
    if (!answer->isUnchanged)
        text += "  Nothing was fetched: without a since rule the whole has to come again, into a "
                "dataset of its own:\n  freshet-cli get '" +
                record.source + "'\n";
    if (wantsJson) {
        JsonText json;
        json.beginObject();
        json.member("dataset", record.name)
            .member("id", record.id)
            .member("verdict", answer->isUnchanged ? "unchanged" : "changed");
        json.beginArray("evidence").item(answer->sentence).endArray();
        json.endObject();
        text = json.text() + '\n';
    }
    if (isQuiet && !wantsJson)
        return ExitCode::Done;
    const auto written = writeOutput(text).and_then(flushOutput);
    if (written)
        return ExitCode::Done;
    printError(written.error());
    return ExitCode::LocalFailure;
}

/// Whether nothing says how to ask for what is new.
bool lacksRule(const store::DatasetRecord &record, const SyncChange &change)
{
    const auto kept = transfer::DownloadRequest::fromJson(record.request);
    return !change.since && !change.source && !isPostgres(kept, std::nullopt) &&
           !(kept && kept->since);
}

ExitCode run(const Arguments &arguments)
{
    const auto targets = saveTargetsFrom(arguments);
    if (!targets)
        return notBegun(targets.error(), kName);
    const auto headers = headersFrom(arguments);
    if (!headers)
        return notBegun(headers.error(), kName);
    const auto named = findDataset(arguments, arguments.operands().front());
    if (!named)
        return notBegun(named.error(), kName);
    const auto &[library, record] = *named;
    const auto change = changeFrom(arguments, record, *headers);
    if (!change)
        return notBegun(change.error(), kName);
    const transfer::RequestSecrets secrets{
        .url = arguments.value("url").value_or(""),
        .headers = change->source ? std::vector<transport::Header>() : *headers};
    if (lacksRule(record, *change))
        return check(*library, record, secrets, arguments.has("json"), arguments.has("quiet"));
    auto transfer = Transfer::sync(library, record.id, *change, secrets, Transfer::Options());
    if (!transfer)
        return notBegun(transfer.error(), kName, record.source);
    return followToTheEnd(*library, std::move(*transfer),
                          change->source ? transport::withoutSecrets(change->source->bytes.url)
                                         : record.source,
                          *targets, arguments);
}

} // namespace

const Command &syncCommand()
{
    static const Command kCommand{
        .name = kName,
        .synopsis = "DATASET [--since RULE] [--from URL [--page STYLE]] [--key a,b] [--mode "
                    "insert|upsert] …",
        .summary = "Fetch what is new since last time; without a rule, ask whether anything is.",
        .options = kOptions,
        .leastOperands = 1,
        .mostOperands = 1,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
