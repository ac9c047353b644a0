// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/cli_command.h"

#include "transfer/command_text.h"
#include "transfer/request_places.h"
#include "transfer/request_secrets.h"

#include <algorithm>
#include <array>

namespace freshet::transfer {

namespace {

/// A number without the zeros behind its point: `0.5`, `30`.
std::string secondsText(std::chrono::milliseconds time)
{
    std::string text = std::to_string(time.count() / 1000);
    if (const auto rest = time.count() % 1000; rest != 0) {
        const std::string digits = std::to_string(1000 + rest).substr(1);
        text += '.' + digits.substr(0, digits.find_last_not_of('0') + 1);
    }
    return text;
}

void addText(CommandText &command, std::string_view option, std::string_view value)
{
    if (!value.empty())
        command.addOption(option, value);
}

void addNumber(CommandText &command, std::string_view option, std::optional<std::int64_t> value)
{
    if (value)
        command.addOption(option, std::to_string(*value));
}

void addHeaders(CommandText &command, const DownloadRequest &request)
{
    for (const auto &header : request.bytes.headers)
        command.addHeader("-H", header);
    for (const auto &name : missingSecrets(request).headers)
        command.addSecretHeader("-H", name);
}

void addBody(CommandText &command, const DownloadRequest &request)
{
    const transport::ByteRequest &bytes = request.bytes;
    const bool isWebSocket = bytes.url.starts_with("ws://") || bytes.url.starts_with("wss://");
    const std::string_view usual = bytes.body.empty() || isWebSocket ? "GET" : "POST";
    if (bytes.method != usual)
        command.addOption("--method", bytes.method);
    if (bytes.body.empty())
        return;
    command.addOption(bytes.body.starts_with('@') ? "--data-raw" : "--data", bytes.body);
    // A type that nobody gave would be guessed from the body.
    if (!isWebSocket && !findHeader(bytes.headers, "Content-Type"))
        command.addOption("-H", "Content-Type:");
}

void addConnection(CommandText &command, const transport::ByteRequest &bytes)
{
    if (bytes.acceptEncoding != transport::ByteRequest().acceptEncoding)
        command.addOption("--accept-encoding", bytes.acceptEncoding);
    if (bytes.version != transport::HttpVersion::Auto)
        command.addOption("--http", bytes.version == transport::HttpVersion::Http1 ? "1.1" : "2");
    addText(command, "--cacert", bytes.caFile);
    if (!bytes.proxy.empty())
        command.addUrlOption("--proxy", bytes.proxy);
}

void addDecode(CommandText &command, const decode::DecodeOptions &options)
{
    if (options.format != decode::Format::Auto)
        command.addOption("--format", decode::formatName(options.format));
    addText(command, "--rows-at", options.rowsAt);
    if (!options.flatten)
        command.addFlag("--no-flatten");
    for (const auto &[option, character] :
         {std::pair("--delimiter", options.delimiter), std::pair("--quote", options.quote)}) {
        if (character == '\t')
            command.addOption(option, "tab");
        else if (character != '\0')
            command.addOption(option, std::string(1, character));
    }
    if (options.hasHeader)
        command.addFlag(*options.hasHeader ? "--header" : "--no-header");
    for (const auto &type : options.eventTypes)
        command.addOption("--events", type);
}

std::string_view formatOf(GrpcFlavour flavour)
{
    switch (flavour) {
    case GrpcFlavour::Web:
        return "grpc-web";
    case GrpcFlavour::WebText:
        return "grpc-web-text";
    case GrpcFlavour::Connect:
        return "connect";
    case GrpcFlavour::ConnectJson:
        return "connect-json";
    case GrpcFlavour::Native:
        break;
    }
    return "grpc";
}

void addCall(CommandText &command, const GrpcCall &call)
{
    command.addOption("--format", formatOf(call.flavour));
    command.addOption("--call", call.method);
    for (const auto &file : call.schema.protoFiles)
        command.addOption("--proto", file);
    for (const auto &folder : call.schema.importFolders)
        command.addOption("--proto-path", folder);
    addText(command, "--descriptor-set", call.schema.descriptorSetFile);
    if (call.requestJson != GrpcCall().requestJson)
        addText(command, call.requestJson.starts_with('@') ? "--data-raw" : "--data",
                call.requestJson);
    for (const auto &header : call.metadata)
        command.addHeader("--metadata", header);
    if (call.deadline.count() > 0)
        command.addOption("--deadline", secondsText(call.deadline));
    addText(command, "--rows-field", call.rowsField);
}

/// Keys are this machine's own and no part of a request.
void addAccess(CommandText &command, const transport::ByteRequest &bytes,
               const std::vector<std::string> &places)
{
    if (isAnyOf(places, "s3://")) {
        addText(command, "--endpoint", bytes.s3.endpoint);
        if (bytes.s3.region != transport::S3Access().region)
            addText(command, "--region", bytes.s3.region);
        if (bytes.s3.isPathStyle)
            command.addFlag("--path-style");
    }
    if (isAnyOf(places, "sftp://")) {
        addText(command, "--ssh-key", bytes.ssh.privateKeyFile);
        addText(command, "--known-hosts", bytes.ssh.knownHostsFile);
    }
}

void addQuery(CommandText &command, const transport::ByteRequest &bytes)
{
    const transport::PostgresFetch usual;
    const transport::PostgresFetch &fetch = bytes.postgres;
    addText(command, "--sql", bytes.body);
    std::string key;
    for (const auto &column : fetch.range.columns)
        key += (key.empty() ? "" : ",") + column;
    addText(command, "--key", key);
    if (fetch.via != usual.via)
        command.addOption("--via", transport::postgresViaName(fetch.via));
    if (fetch.statementTimeout.count() > 0)
        command.addOption("--timeout", secondsText(fetch.statementTimeout));
    if (fetch.batchRows != usual.batchRows)
        addNumber(command, "--batch-rows", fetch.batchRows);
}

void addJob(CommandText &command, const ExportJobRule &job)
{
    const ExportJobRule usual;
    command.addFlag("--job");
    addText(command, "--job-status", job.statusUrlFrom);
    addText(command, "--job-state", job.stateFrom);
    addText(command, "--job-done", job.doneStates);
    addText(command, "--job-failed", job.failedStates);
    addText(command, "--job-progress", job.progressFrom);
    addText(command, "--job-result", job.resultsFrom);
    addText(command, "--job-rows", job.rowsFrom);
    if (job.patience != usual.patience)
        addNumber(command, "--job-patience", job.patience.count());
    if (job.connections != usual.connections)
        addNumber(command, "--connections", job.connections);
}

void addPages(CommandText &command, const PageRule &pages)
{
    command.addOption("--page", pageStyleName(pages.style));
    addText(command, "--page-from", pages.positionFrom);
    addText(command, "--page-param", pages.positionTo);
    addText(command, "--page-more", pages.moreFrom);
    addText(command, "--size-param", pages.sizeTo);
    addNumber(command, "--page-size", pages.size);
    addNumber(command, "--first-page", pages.first);
    if (pages.inFlight != PageRule().inFlight)
        addNumber(command, "--pages-in-flight", pages.inFlight);
}

void addFileColumn(CommandText &command, const FileSet &files)
{
    const bool isUsual = files.sources.size() > 1 && files.fileColumn == kDefaultFileColumn;
    if (files.fileColumn.empty())
        command.addFlag("--no-file-column");
    else if (!isUsual)
        command.addOption("--file-column", files.fileColumn);
}

void addCourse(CommandText &command, const DownloadRequest &request)
{
    const DownloadRequest usual;
    addText(command, "--name", request.name);
    if (request.limit)
        addNumber(command, "--limit", request.limit->value());
    if (request.ring)
        addNumber(command, "--ring", request.ring->value());
    if (request.onBadRow == OnBadRow::Stop)
        command.addOption("--on-bad-row", "stop");
    if (request.maxBadRows != usual.maxBadRows)
        addNumber(command, "--max-bad-rows", request.maxBadRows);
    if (request.retry.maxRetries != usual.retry.maxRetries)
        addNumber(command, "--retries", request.retry.maxRetries);
    if (request.retry.isSafe)
        command.addFlag("--safe");
}

/// With something in the place of a login, which is written as shell variables.
std::string withLoginOf(const DownloadRequest &request, const std::string &place)
{
    const bool hasLogin = std::ranges::any_of(
        request.logins, [&place](const UrlLogin &login) { return login.isFor(place); });
    return hasLogin ? std::string(place).insert(place.find("://") + 3, "user:password@") : place;
}

} // namespace

Result<std::string> cliCommandFor(const DownloadRequest &given)
{
    DownloadRequest request = given;
    if (request.grpc)
        forgetGrpcPreparation(request);
    if (request.bytes.body.find('\0') != std::string::npos)
        return fail(ErrorCode::Unsupported,
                    "the body holds binary data, which a command line cannot");
    CommandText command("freshet-cli");
    command.add("get");
    const std::vector<std::string> places = placesOf(request);
    for (const std::string &place : places)
        command.addUrl(withLoginOf(request, place));
    addHeaders(command, request);
    if (request.grpc) {
        addCall(command, *request.grpc);
    } else if (transport::isPostgresUrl(request.bytes.url)) {
        addQuery(command, request.bytes);
    } else {
        addBody(command, request);
        addDecode(command, request.decode);
    }
    addConnection(command, request.bytes);
    addAccess(command, request.bytes, places);
    if (request.job)
        addJob(command, *request.job);
    addText(command, "--resume-message", request.webSocket.resumeMessage);
    if (request.files)
        addFileColumn(command, *request.files);
    if (request.pages)
        addPages(command, *request.pages);
    if (request.since)
        command.addOption("--since", request.since->text());
    addCourse(command, request);
    return command.text();
}

} // namespace freshet::transfer
