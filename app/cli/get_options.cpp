// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/get_options.h"

#include "base/file.h"
#include "cli/command.h"
#include "cli/grpc_options.h"
#include "cli/job_options.h"
#include "cli/page_options.h"
#include "cli/postgres_options.h"
#include "cli/recipe_options.h"
#include "cli/recording_options.h"
#include "cli/remote_options.h"
#include "cli/save_file.h"
#include "cli/transport_options.h"
#include "transfer/request_places.h"
#include "transfer/url_login.h"
#include "transport/url.h"

#include <algorithm>
#include <array>

namespace freshet::cli {

namespace {

constexpr std::array kOptionsBeforeCall = {
    Option{"recipe", '\0', "FILE|NAME", "the request of a recipe; what is given beside it counts"},
    Option{"save-recipe", '\0', "FILE|NAME", "also keep the request, without secrets, as a recipe"},
    Option{"name", '\0', "NAME", "name of the dataset (default: from the URL)"},
    Option{
        "format", '\0', "FORMAT",
        "auto, json, ndjson, csv, tsv, parquet, arrow, zip, sse, msgpack, cbor, grpc-web, grpc …"},
    kRowsAtOption,
    Option{"method", '\0', "METHOD", "HTTP method (default: GET, with --data POST)"},
    kHeaderOption,
    Option{"data", '\0', "TEXT|@FILE", "request body; WebSocket: the opening message"},
    Option{"data-raw", '\0', "TEXT", "the same where the text itself begins with @"},
    Option{"resume-message", '\0', "TEXT",
           "WebSocket: what to send after an interruption; ${last.COLUMN} is of the last row"},
};
constexpr std::array kOptionsBeforePages = {
    Option{"safe", '\0', "", "the request may be sent again although it is a POST"},
    Option{"accept-encoding", '\0', "LIST", "codings to ask for; identity for none"},
    Option{"http", '\0', "1.1|2", "HTTP version (default: the best both sides know)"},
    kCaFileOption,
    Option{"proxy", '\0', "URL", "go through a proxy: http://host:port, socks5h://host:port"},
    Option{"delimiter", '\0', "CHAR", "CSV: what separates fields (default: found by itself)"},
    Option{"quote", '\0', "CHAR", "CSV: what fields are quoted with (default: found by itself)"},
    Option{"header", '\0', "", "CSV: the first line holds the column names"},
    Option{"no-header", '\0', "", "CSV: the first line is data"},
    Option{"no-flatten", '\0', "", "keep nested objects as json, not as dotted columns"},
    Option{"events", '\0', "A,B", "SSE: the types of events that are rows; may be repeated"},
};
constexpr std::array kOptionsBehindPages = {
    Option{"since", '\0', "RULE",
           "param=NAME|header=NAME|body=PATH,from=COLUMN|event-id|header:H|body:PATH[,inclusive]"
           "[,overlap=…][,initial=…][,key=A+B][,mode=insert|upsert]: how to go on, and to sync"},
    Option{"file-column", '\0', "NAME",
           "column that names each row's file (default: file, where there are several)"},
    Option{"no-file-column", '\0', "", "several files: do not name them"},
};
constexpr std::array kOptionsBehindRemote = {
    Option{"job", '\0', "",
           "the request starts an export: wait until it is done, download its files, open them"},
    Option{"job-status", '\0', "PLACE",
           "where the answer names the job's address: $.statusUrl, header:Location, or an address "
           "such as /jobs/{$.id}"},
    Option{"job-state", '\0', "PLACE", "where the job's answer says how it is, such as $.status"},
    Option{"job-done", '\0', "A,B", "states that mean it is done, beside the usual words"},
    Option{"job-failed", '\0', "A,B", "states that mean it failed, beside the usual words"},
    Option{"job-progress", '\0', "PLACE", "where the job's answer says how far it is"},
    Option{"job-result", '\0', "PLACE",
           "where the files' addresses are: $.downloadUrl, $.results[].url, or an address"},
    Option{"job-rows", '\0', "PLACE", "where the job's answer says how many rows there are"},
    Option{"job-patience", '\0', "SECONDS", "give up on a job after so long (default: a day)"},
    Option{"connections", '\0', "N",
           "with --job and --download: connections for one file (default: 4 and 1)"},
    kSqlOption,
    kTableOption,
    Option{"key", '\0', "a,b",
           "PostgreSQL: unique columns; rows come in their order, and an interrupted query goes on "
           "behind the last"},
    kViaOption,
    kTimeoutOption,
    kBatchRowsOption,
    Option{"limit", '\0', "N", "stop after N rows"},
    Option{"ring", '\0', "N", "keep only the last N rows, for a feed that never ends"},
    Option{"on-bad-row", '\0', "keep|stop", "keep bad rows aside and go on (default), or stop"},
    Option{"max-bad-rows", '\0', "N", "stop after N bad rows (default: 100000)"},
    Option{"retries", '\0', "N", "try N times more after an interruption (default: 5)"},
    Option{"save", '\0', "FILE", "also write FILE (.csv .tsv .ndjson .json .parquet .arrow)"},
    kNoManifestOption,
    Option{"record", '\0', "FILE",
           "also keep the answers with their times, to be got again offline (.freshet-recording)"},
    kSpeedOption,
    Option{"download", '\0', "FILE",
           "keep the file as it is sent, in place of a dataset; the same again goes on with it"},
    Option{"sha256", '\0', "HEX|beside", "with --download: what it has to be; beside: URL.sha256"},
    Option{"json", '\0', "", "print one JSON object at the end"},
    kQuietOption,
    kLibraryOption,
    kHelpOption,
};

constexpr auto kOptions =
    joined(joined(kOptionsBeforeCall, kCallOptions),
           joined(joined(kOptionsBeforePages, kPageOptions),
                  joined(kOptionsBehindPages, joined(kRemoteOptions, kOptionsBehindRemote))));

tl::unexpected<Error> usage(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

Status readEventTypes(const Arguments &arguments, std::vector<std::string> &types)
{
    if (arguments.has("events"))
        types.clear();
    for (std::string list : arguments.values("events")) {
        for (std::size_t comma = 0; comma != std::string::npos;) {
            comma = list.find(',');
            if (comma == 0 || list.empty())
                return usage("--events takes names with commas between them");
            types.push_back(list.substr(0, comma));
            list.erase(0, comma == std::string::npos ? comma : comma + 1);
        }
    }
    return {};
}

Status readRetries(const Arguments &arguments, transport::RetryPolicy &retry)
{
    const auto retries = arguments.number("retries", 0);
    if (!retries)
        return fail(retries.error());
    if (*retries)
        retry.maxRetries = static_cast<int>(std::min<std::int64_t>(**retries, 1'000'000));
    return {};
}

Status readCharacter(const Arguments &arguments, std::string_view option, char &character)
{
    const auto text = arguments.value(option);
    if (!text)
        return {};
    if (text == "tab" || text == "\\t")
        character = '\t';
    else if (text->size() == 1)
        character = text->front();
    else
        return usage("--" + std::string(option) + " is one character, or tab");
    return {};
}

Status readDecode(const Arguments &arguments, decode::DecodeOptions &options)
{
    const auto name = arguments.value("format");
    if (name && !arguments.has("call")) {
        const auto format = decode::formatByName(*name);
        if (!format)
            return usage("--format is auto, json, ndjson, csv, tsv, parquet, arrow or zip, not \"" +
                         *name + '"');
        options.format = *format;
    }
    options.rowsAt = arguments.value("rows-at").value_or(options.rowsAt);
    options.flatten = options.flatten && !arguments.has("no-flatten");
    FRESHET_TRY(readEventTypes(arguments, options.eventTypes));
    FRESHET_TRY(readCharacter(arguments, "delimiter", options.delimiter));
    FRESHET_TRY(readCharacter(arguments, "quote", options.quote));
    if (arguments.has("header") && arguments.has("no-header"))
        return usage("--header and --no-header exclude each other");
    if (arguments.has("header") || arguments.has("no-header"))
        options.hasHeader = arguments.has("header");
    return {};
}

Status readRows(const Arguments &arguments, std::string_view option, std::optional<RowCount> &rows)
{
    const auto number = arguments.number(option, 1);
    if (!number)
        return fail(number.error());
    if (*number)
        rows = RowCount(**number);
    return {};
}

Status readBadRows(const Arguments &arguments, transfer::DownloadRequest &request)
{
    if (const auto onBadRow = arguments.value("on-bad-row")) {
        if (onBadRow != "keep" && onBadRow != "stop")
            return usage("--on-bad-row is keep or stop");
        request.onBadRow = onBadRow == "stop" ? transfer::OnBadRow::Stop : transfer::OnBadRow::Keep;
    }
    const auto maxBadRows = arguments.number("max-bad-rows", 0);
    if (!maxBadRows)
        return fail(maxBadRows.error());
    request.maxBadRows = maxBadRows->value_or(request.maxBadRows);
    return {};
}

Status readFiles(const Arguments &arguments, std::optional<transfer::FileSet> &files)
{
    const auto &places = arguments.operands();
    const auto column = arguments.value("file-column");
    const bool isWithout = arguments.has("no-file-column");
    if (column && isWithout)
        return usage("--file-column and --no-file-column exclude each other");
    if (places.size() <= 1 && !column && !isWithout)
        return {};
    if (!files || !places.empty())
        files = transfer::FileSet();
    if (isWithout)
        files->fileColumn.clear();
    else if (column || files->fileColumn.empty())
        files->fileColumn = column.value_or(std::string(transfer::kDefaultFileColumn));
    for (const auto &place : places)
        files->sources.push_back({.place = place});
    return {};
}

} // namespace

std::span<const Option> getOptions()
{
    return kOptions;
}

Result<transfer::DownloadRequest> requestFrom(const Arguments &arguments)
{
    auto base = recipeRequestFrom(arguments);
    if (!base)
        return fail(std::move(base).error());
    transfer::DownloadRequest &request = *base;
    FRESHET_TRY(readTransport(arguments, request.bytes));
    if (request.bytes.url.empty())
        return usage("say what to get: a URL, a file, or --recipe");
    FRESHET_TRY(readDecode(arguments, request.decode));
    FRESHET_TRY(readFiles(arguments, request.files));
    FRESHET_TRY(readRemoteAccess(arguments, transfer::placesOf(request), request.bytes));
    FRESHET_TRY(readPages(arguments, request.pages));
    FRESHET_TRY(readPostgres(arguments, request));
    if (arguments.has("key") && !transport::isPostgresUrl(request.bytes.url))
        return usage("--key goes with a postgresql:// URL; for others it is part of --since");
    FRESHET_TRY(readCall(arguments, request));
    auto job = jobRuleFrom(arguments);
    if (!job)
        return fail(std::move(job).error());
    if (*job)
        request.job = std::move(*job);
    if (arguments.has("connections") && !request.job)
        return usage("--connections goes with --job or --download");
    request.webSocket.resumeMessage =
        arguments.value("resume-message").value_or(request.webSocket.resumeMessage);
    request.name = arguments.value("name").value_or(request.name);
    FRESHET_TRY(readRows(arguments, "limit", request.limit));
    FRESHET_TRY(readRows(arguments, "ring", request.ring));
    FRESHET_TRY(readRetries(arguments, request.retry));
    request.retry.isSafe = request.retry.isSafe || arguments.has("safe");
    FRESHET_TRY(readBadRows(arguments, request));
    if (const auto text = arguments.value("since")) {
        auto rule = transfer::SinceRule::parse(*text);
        if (!rule)
            return fail(std::move(rule).error());
        request.since = std::move(*rule);
    }
    transfer::liftUrlLogin(request);
    FRESHET_TRY(checkSecretsGiven(request));
    FRESHET_TRY(request.validate());
    return base;
}

Result<transfer::FileDownloadRequest> fileRequestFrom(const Arguments &arguments)
{
    // What only rows have is not passed over in silence.
    constexpr auto kOfFiles = std::to_array<std::string_view>(
        {"method",      "header-line", "data",    "data-raw",   "safe",      "http",
         "cacert",      "proxy",       "retries", "download",   "sha256",    "connections",
         "profile",     "endpoint",    "region",  "path-style", "anonymous", "ssh-key",
         "known-hosts", "no-manifest", "json",    "quiet",      "library"});
    for (const Option &option : kOptions) {
        if (arguments.has(option.name) &&
            std::ranges::find(kOfFiles, option.name) == kOfFiles.end())
            return usage("--" + std::string(option.name) + " has no meaning with --download");
    }
    if (arguments.operands().empty())
        return usage("say what to download: a URL");
    if (arguments.operands().size() > 1)
        return usage("--download takes one URL");
    transfer::FileDownloadRequest request;
    FRESHET_TRY(readTransport(arguments, request.bytes));
    FRESHET_TRY(readRemoteAccess(arguments, {request.bytes.url}, request.bytes));
    FRESHET_TRY(readRetries(arguments, request.retry));
    request.retry.isSafe = arguments.has("safe");
    const auto connections = connectionsFrom(arguments, request.connections);
    if (!connections)
        return fail(connections.error());
    request.connections = *connections;
    request.file = *arguments.value("download");
    std::error_code ignored;
    if (!request.file.has_filename() || std::filesystem::is_directory(request.file, ignored)) {
        const auto url = transport::Url::parse(request.bytes.url);
        if (!url)
            return fail(url.error());
        request.file /= url->fileName();
    }
    const auto sha256 = arguments.value("sha256").value_or("");
    request.hasSha256Beside = sha256 == "beside";
    if (!request.hasSha256Beside)
        request.sha256 = sha256;
    FRESHET_TRY(request.validate());
    return request;
}

Result<std::vector<transport::Header>> headersFrom(const std::vector<std::string> &lines,
                                                   std::string_view option)
{
    std::vector<transport::Header> headers;
    for (const auto &line : lines) {
        const auto colon = line.find(':');
        if (colon == std::string::npos || colon == 0)
            return usage(std::string(option) + " needs 'Name: value'");
        const auto start = line.find_first_not_of(" \t", colon + 1);
        headers.push_back(
            {line.substr(0, colon), start == std::string::npos ? "" : line.substr(start)});
    }
    return headers;
}

Result<std::vector<transport::Header>> headersFrom(const Arguments &arguments)
{
    return headersFrom(arguments.values("header-line"), "-H");
}

Result<std::string> textFrom(const std::string &atFile)
{
    return readFile(atFile.substr(1), 256_MiB);
}

Result<std::vector<SaveTarget>> saveTargetsFrom(const Arguments &arguments)
{
    std::vector<SaveTarget> targets;
    for (const auto &file : arguments.values("save")) {
        auto options = exporters::optionsForFile(file);
        if (!options)
            return fail(std::move(options).error());
        targets.push_back({file, std::move(*options)});
    }
    return targets;
}

} // namespace freshet::cli
