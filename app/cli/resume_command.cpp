// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/command_end.h"
#include "cli/download_run.h"
#include "cli/error_text.h"
#include "cli/library_folder.h"
#include "cli/remedy.h"
#include "cli/remote_options.h"
#include "cli/save_file.h"
#include "transfer/get_anew.h"
#include "transfer/request_places.h"
#include "transfer/resume_point.h"
#include "transfer/sent_once.h"
#include "transfer/shell_words.h"

#include <array>
#include <cstdio>

namespace freshet::cli {

namespace {

constexpr std::string_view kName = "resume";

constexpr std::array kOptions = {
    Option{"header-line", 'H', "'K: V'", "a secret header, which the library does not keep"},
    Option{"login", '\0', "URL", "https://USER:PASSWORD@HOST of files elsewhere than the first"},
    Option{"url", '\0', "URL", "the URL again, if it held a secret"},
    Option{"profile", '\0', "NAME", "s3://: profile of ~/.aws (default: AWS_PROFILE, default)"},
    Option{"anonymous", '\0', "", "s3://: without a key"},
    Option{"ssh-key", '\0', "FILE", "sftp://: private key (default: the one it began with)"},
    Option{"known-hosts", '\0', "FILE", "sftp://: keys of servers"},
    Option{"anew", '\0', "", "get all of it again, into a new dataset; this one is kept"},
    Option{"max-bad-rows", '\0', "N", "stop after N more bad rows (default: as before)"},
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
    const auto request = transfer::DownloadRequest::fromJson(record.request);
    if (request && transfer::isSentOnceMore(*request, record.resumePoint))
        std::fprintf(stderr,
                     "%s: the %s is sent once more; if it does something each time, it does that "
                     "again\n",
                     record.name.c_str(), request->grpc ? "call" : request->bytes.method.c_str());
}

/// What the library does not keep of the request.
Result<transfer::RequestSecrets> secretsFor(const store::DatasetRecord &record,
                                            const Arguments &arguments)
{
    transfer::RequestSecrets secrets{.url = arguments.value("url").value_or("")};
    auto headers = headersFrom(arguments);
    if (!headers)
        return fail(std::move(headers).error());
    secrets.headers = std::move(*headers);
    for (const std::string &address : arguments.values("login")) {
        auto login = transfer::urlLoginFrom(address);
        if (!login)
            return fail(ErrorCode::InvalidArgument, "--login: " + login.error().detail);
        secrets.logins.push_back(std::move(*login));
    }
    auto kept = transfer::DownloadRequest::fromJson(record.request);
    if (!kept)
        return fail(std::move(kept).error());
    FRESHET_TRY(readRemoteAccess(arguments, transfer::placesOf(*kept), kept->bytes));
    secrets.s3 = std::move(kept->bytes.s3);
    secrets.ssh = std::move(kept->bytes.ssh);
    return secrets;
}

/// Of several files, all may be read and one may have come short: that is no misuse.
ExitCode cannotResume(const Error &error, const store::DatasetRecord &record)
{
    const auto verdict = transfer::verdictByName(record.verdict);
    if (verdict && *verdict != transfer::VerdictKind::Incomplete) {
        const std::string name = transfer::shellQuoted(record.name);
        printProblem(error.detail, {},
                     "freshet-cli sync " + name + " asks for what is new; freshet-cli resume " +
                         name + " --anew gets all of it again.");
        return ExitCode::Usage;
    }
    if (error.code != ErrorCode::Truncated)
        return notBegun(error, kName, record.source);
    printError(error, {}, {}, remedyFor(record));
    return ExitCode::Incomplete;
}

/// Where held rows are wrong, or lack some in their middle: the same request for a new dataset.
ExitCode getAnew(const std::shared_ptr<store::Library> &library, const store::DatasetRecord &record,
                 const transfer::RequestSecrets &secrets, const std::vector<SaveTarget> &targets,
                 const Arguments &arguments)
{
    auto request = transfer::requestAnew(record, secrets);
    if (!request)
        return notBegun(request.error(), kName);
    const auto maxBadRows = arguments.number("max-bad-rows", 0);
    request->maxBadRows = maxBadRows->value_or(request->maxBadRows);
    auto transfer = transfer::Transfer::start(library, std::move(*request), {});
    if (!transfer)
        return notBegun(transfer.error(), kName, record.source);
    if (!arguments.has("quiet"))
        std::fprintf(stderr, "%s: gets everything again, into \"%s\"; this one is kept\n",
                     record.name.c_str(), (*transfer)->datasetName().c_str());
    const ExitCode code =
        followToTheEnd(*library, std::move(*transfer), record.source, targets, arguments);
    if (code == ExitCode::Done && !arguments.has("quiet"))
        std::fprintf(stderr, "freshet-cli rm %s removes the old one.\n",
                     transfer::shellQuoted(record.name).c_str());
    return code;
}

ExitCode run(const Arguments &arguments)
{
    const auto targets = saveTargetsFrom(arguments);
    if (!targets)
        return notBegun(targets.error(), kName);
    const auto maxBadRows = arguments.number("max-bad-rows", 0);
    if (!maxBadRows)
        return notBegun(maxBadRows.error(), kName);
    transfer::Transfer::Options options;
    options.maxBadRows = *maxBadRows;
    const auto named = findDataset(arguments, arguments.operands().front());
    if (!named)
        return notBegun(named.error(), kName);
    const auto &[library, record] = *named;
    const auto secrets = secretsFor(record, arguments);
    if (!secrets)
        return notBegun(secrets.error(), kName);
    if (arguments.has("anew"))
        return getAnew(library, record, *secrets, *targets, arguments);
    auto transfer = transfer::Transfer::resume(library, record.id, *secrets, std::move(options));
    if (!transfer)
        return cannotResume(transfer.error(), record);
    if (!arguments.has("quiet"))
        announce(record);
    return followToTheEnd(*library, std::move(*transfer), record.source, *targets, arguments);
}

} // namespace

const Command &resumeCommand()
{
    static const Command kCommand{
        .name = kName,
        .synopsis = "DATASET [--anew] [-H 'K: V']… [--save FILE]… [--json]",
        .summary = "Go on with a dataset that is not complete, or get all of it anew.",
        .options = kOptions,
        .leastOperands = 1,
        .mostOperands = 1,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
