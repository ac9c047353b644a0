// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/command_end.h"
#include "cli/download_run.h"
#include "cli/error_text.h"
#include "cli/library_folder.h"
#include "cli/remote_options.h"
#include "cli/save_file.h"
#include "transfer/request_places.h"
#include "transfer/resume_point.h"
#include "transfer/sent_once.h"

#include <array>
#include <cstdio>

namespace freshet::cli {

namespace {

constexpr std::string_view kName = "resume";

constexpr std::array kOptions = {
    Option{"header-line", 'H', "'K: V'", "a secret header, which the library does not keep"},
    Option{"url", '\0', "URL", "the URL again, if it held a secret"},
    Option{"profile", '\0', "NAME", "s3://: profile of ~/.aws (default: AWS_PROFILE, default)"},
    Option{"anonymous", '\0', "", "s3://: without a key"},
    Option{"login", '\0', "URL", "https://USER:PASSWORD@HOST of files elsewhere than the first"},
    Option{"ssh-key", '\0', "FILE", "sftp://: private key (default: the one it began with)"},
    Option{"known-hosts", '\0', "FILE", "sftp://: keys of servers"},
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
    if (request && !transfer::mayBeSentAgain(*request))
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
    auto kept = transfer::DownloadRequest::fromJson(record.request);
    if (!kept)
        return fail(std::move(kept).error());
    FRESHET_TRY(readRemoteAccess(arguments, transfer::placesOf(*kept), kept->bytes));
    for (const std::string &address : arguments.values("login")) {
        auto login = transfer::urlLoginFrom(address);
        if (!login)
            return fail(ErrorCode::InvalidArgument, "--login: " + login.error().detail);
        secrets.logins.push_back(std::move(*login));
    }
    secrets.s3 = std::move(kept->bytes.s3);
    secrets.ssh = std::move(kept->bytes.ssh);
    return secrets;
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
    auto transfer = transfer::Transfer::resume(library, record.id, *secrets, std::move(options));
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
