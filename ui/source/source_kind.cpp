// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/source_kind.h"

#include "source/call_page.h"
#include "source/connection_page.h"
#include "source/course_page.h"
#include "source/events_page.h"
#include "source/fetch_page.h"
#include "source/file_formats.h"
#include "source/files_page.h"
#include "source/job_page.h"
#include "source/messages_page.h"
#include "source/metadata_page.h"
#include "source/pages_page.h"
#include "source/postgres_page.h"
#include "source/request_page.h"
#include "source/rows_page.h"
#include "source/storage_page.h"
#include "transfer/request_places.h"
#include "transport/remote_listing.h"
#include "transport/web_socket_transport.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace freshet::ui {

namespace {

#define TEXT(words) QT_TRANSLATE_NOOP("SourceKinds", words)

using decode::Format;
using transfer::DownloadRequest;
using transfer::GrpcFlavour;

template <CallPage::Speaks speaks>
SourcePage *callPage(const PageContext &context)
{
    return new CallPage(speaks, context.theme);
}

template <typename Page>
SourcePage *page(const PageContext &context)
{
    return new Page(context.theme);
}

template <RowsPage::Shows shown>
SourcePage *rowsPage(const PageContext &context)
{
    return new RowsPage(shown, context.theme);
}

template <CoursePage::Offers offered>
SourcePage *coursePage(const PageContext &context)
{
    return new CoursePage(offered, context.theme);
}

template <StoragePage::Storage storage>
SourcePage *storagePage(const PageContext &context)
{
    return new StoragePage(storage, context.theme);
}

/// Whether all files of the request are those that its URL, a prefix or a pattern, stood for.
bool areListedBy(const std::string &url, const transfer::FileSet &files)
{
    const std::string start = url.substr(0, url.find_first_of("*?["));
    return transport::namesSeveralFiles(url) &&
           std::ranges::all_of(files.sources, [&start](const transfer::FileSource &source) {
               return source.place.starts_with(start);
           });
}

/// A file, prefix or pattern in a storage; which files that is, is asked anew each time.
template <StoragePage::Storage storage>
bool isStored(const DownloadRequest &request)
{
    return request.bytes.url.starts_with(StoragePage::scheme(storage)) &&
           (!request.files || areListedBy(request.bytes.url, *request.files));
}

bool isInStorage(const DownloadRequest &request)
{
    return isStored<StoragePage::Storage::S3>(request) ||
           isStored<StoragePage::Storage::Sftp>(request);
}

bool isOfFiles(const DownloadRequest &request)
{
    const std::string &url = request.bytes.url;
    return (request.files && !isInStorage(request)) ||
           (!url.empty() && transfer::isLocalPlace(url));
}

bool isPlain(const DownloadRequest &request)
{
    return !isOfFiles(request) && !request.grpc && !request.job &&
           !transport::isWebSocketUrl(request.bytes.url) &&
           !transport::isPostgresUrl(request.bytes.url) && !isInStorage(request);
}

template <Format format>
bool isOfFormat(const DownloadRequest &request)
{
    return isPlain(request) && request.decode.format == format;
}

/// One answer over HTTP, or the pages of one.
void settleHttp(DownloadRequest &request)
{
    if (request.grpc)
        forgetGrpcPreparation(request);
    request.grpc.reset();
    request.webSocket = {};
    request.job.reset();
    request.files.reset();
    request.bytes.url = withScheme(request.bytes.url, "http", "https");
}

template <Format format>
void settleFormat(DownloadRequest &request)
{
    settleHttp(request);
    request.decode.format = format;
}

void settleEvents(DownloadRequest &request)
{
    settleFormat<Format::Sse>(request);
    request.pages.reset();
    request.since.reset();
}

/// The files tell their format.
void settleJob(DownloadRequest &request)
{
    const transfer::ExportJobRule rule = request.job.value_or(transfer::ExportJobRule());
    settleFormat<Format::Auto>(request);
    request.job = rule;
    request.pages.reset();
    request.since.reset();
}

void settleCall(DownloadRequest &request, GrpcFlavour usual,
                std::initializer_list<GrpcFlavour> possible)
{
    if (!request.grpc)
        request.grpc.emplace();
    if (std::ranges::find(possible, request.grpc->flavour) == possible.end())
        request.grpc->flavour = usual;
    const bool isNative = usual == GrpcFlavour::Native;
    if (!isNative || !request.bytes.url.starts_with("grpc"))
        request.bytes.url = isNative ? withScheme(request.bytes.url, "grpc", "grpcs")
                                     : withScheme(request.bytes.url, "http", "https");
    // What the call becomes is made of it when it is started.
    request.bytes.method = transport::ByteRequest().method;
    request.bytes.body.clear();
    request.decode.format = Format::Auto;
    request.webSocket = {};
    request.job.reset();
    request.files.reset();
    request.pages.reset();
    request.since.reset();
}

void settleGrpc(DownloadRequest &request)
{
    settleCall(request, GrpcFlavour::Native, {GrpcFlavour::Native});
    request.bytes.proxy.clear();
}

void settleGrpcWeb(DownloadRequest &request)
{
    settleCall(request, GrpcFlavour::Web, {GrpcFlavour::Web, GrpcFlavour::WebText});
}

void settleConnect(DownloadRequest &request)
{
    settleCall(request, GrpcFlavour::Connect, {GrpcFlavour::Connect, GrpcFlavour::ConnectJson});
}

void settleWebSocket(DownloadRequest &request)
{
    request.grpc.reset();
    request.job.reset();
    request.files.reset();
    request.bytes.url = withScheme(request.bytes.url, "ws", "wss");
    request.bytes.method = transport::ByteRequest().method;
    request.decode.format = Format::Auto;
    request.pages.reset();
    request.since.reset();
}

bool isPostgres(const DownloadRequest &request)
{
    return request.decode.format == Format::Postgres || transport::isPostgresUrl(request.bytes.url);
}

void settlePostgres(DownloadRequest &request)
{
    settleHttp(request);
    request.bytes.method = transport::ByteRequest().method;
    request.bytes.proxy.clear();
    request.decode.format = Format::Postgres;
    request.pages.reset();
    request.since.reset();
}

/// A file that is fetched as it is.
void settleStored(DownloadRequest &request)
{
    settleHttp(request);
    request.bytes.method = transport::ByteRequest().method;
    request.bytes.headers.clear();
    request.missingSecrets.clear();
    request.bytes.body.clear();
    if (!isFileFormat(request.decode.format))
        request.decode.format = Format::Auto;
    request.pages.reset();
    request.since.reset();
}

bool isAskedOfTheWeb(const DownloadRequest &request)
{
    return std::ranges::any_of(transfer::placesOf(request), FilesPage::isOfTheWeb);
}

void settleFileSet(DownloadRequest &request)
{
    const DownloadRequest before = request;
    settleStored(request);
    request.files = before.files;
    if (!isAskedOfTheWeb(request))
        return;
    request.bytes.headers = before.bytes.headers; // they may be asked with a token
    request.missingSecrets = before.missingSecrets;
}

template <GrpcFlavour... flavours>
bool speaks(const DownloadRequest &request)
{
    return request.grpc && ((request.grpc->flavour == flavours) || ...);
}

const std::vector<SourceKind> &kinds()
{
    using Rows = RowsPage::Shows;
    static const auto requestPage = page<RequestPage>;
    static const auto connectionPage = page<ConnectionPage>;
    using Offers = CoursePage::Offers;
    static const auto eventsPage = page<EventsPage>;
    static const auto fetchPage = page<FetchPage>;
    static const auto filesPage = page<FilesPage>;
    static const auto jobPage = page<JobPage>;
    static const auto messagesPage = page<MessagesPage>;
    static const auto metadataPage = page<MetadataPage>;
    static const auto pagesPage = page<PagesPage>;
    using Storage = StoragePage::Storage;
    static const auto postgresPage = page<PostgresPage>;
    static const std::vector<SourceKind> table = {
        {.id = "auto",
         .group = TEXT("HTTP"),
         .name = TEXT("Found by itself"),
         .hint = TEXT("the answer tells its format"),
         .holds = isOfFormat<Format::Auto>,
         .settle = settleFormat<Format::Auto>,
         .pages = {requestPage, rowsPage<Rows::Everything>, pagesPage, connectionPage,
                   coursePage<Offers::News>}},
        {.id = "json",
         .group = TEXT("HTTP"),
         .name = TEXT("JSON"),
         .hint = TEXT("a document with a list of rows"),
         .holds = isOfFormat<Format::Json>,
         .settle = settleFormat<Format::Json>,
         .pages = {requestPage, rowsPage<Rows::Document>, pagesPage, connectionPage,
                   coursePage<Offers::News>}},
        {.id = "ndjson",
         .group = TEXT("HTTP"),
         .name = TEXT("NDJSON"),
         .hint = TEXT("one JSON object a line"),
         .holds = isOfFormat<Format::Ndjson>,
         .settle = settleFormat<Format::Ndjson>,
         .pages = {requestPage, rowsPage<Rows::Objects>, pagesPage, connectionPage,
                   coursePage<Offers::News>}},
        {.id = "csv",
         .group = TEXT("HTTP"),
         .name = TEXT("CSV"),
         .hint = TEXT("lines with commas or the like"),
         .holds = isOfFormat<Format::Csv>,
         .settle = settleFormat<Format::Csv>,
         .pages = {requestPage, rowsPage<Rows::Table>, pagesPage, connectionPage,
                   coursePage<Offers::News>}},
        {.id = "tsv",
         .group = TEXT("HTTP"),
         .name = TEXT("TSV"),
         .hint = TEXT("lines with tabs"),
         .holds = isOfFormat<Format::Tsv>,
         .settle = settleFormat<Format::Tsv>,
         .pages = {requestPage, rowsPage<Rows::Table>, pagesPage, connectionPage,
                   coursePage<Offers::News>}},
        {.id = "sse",
         .group = TEXT("HTTP"),
         .name = TEXT("Event stream"),
         .hint = TEXT("server-sent events"),
         .holds = isOfFormat<Format::Sse>,
         .settle = settleEvents,
         .pages = {requestPage, eventsPage, connectionPage, coursePage<Offers::Repeating>}},
        {.id = "msgpack",
         .group = TEXT("HTTP"),
         .name = TEXT("MessagePack"),
         .hint = TEXT("objects, or arrays of them"),
         .holds = isOfFormat<Format::MsgPack>,
         .settle = settleFormat<Format::MsgPack>,
         .pages = {requestPage, rowsPage<Rows::Objects>, pagesPage, connectionPage,
                   coursePage<Offers::News>}},
        {.id = "cbor",
         .group = TEXT("HTTP"),
         .name = TEXT("CBOR"),
         .hint = TEXT("objects, or arrays of them"),
         .holds = isOfFormat<Format::Cbor>,
         .settle = settleFormat<Format::Cbor>,
         .pages = {requestPage, rowsPage<Rows::Objects>, pagesPage, connectionPage,
                   coursePage<Offers::News>}},
        {.id = "job",
         .group = TEXT("HTTP"),
         .name = TEXT("Export job"),
         .hint = TEXT("files that the server prepares"),
         .holds = [](const DownloadRequest &request) { return request.job.has_value(); },
         .settle = settleJob,
         .pages = {requestPage, jobPage, rowsPage<Rows::Everything>, connectionPage,
                   coursePage<Offers::Repeating>}},
        {.id = "grpc",
         .group = TEXT("gRPC"),
         .name = TEXT("gRPC"),
         .hint = TEXT("over HTTP/2, with reflection"),
         .holds = speaks<GrpcFlavour::Native>,
         .settle = settleGrpc,
         .pages = {callPage<CallPage::Speaks::Grpc>, metadataPage, connectionPage,
                   coursePage<Offers::Repeating>}},
        {.id = "grpc-web",
         .group = TEXT("gRPC"),
         .name = TEXT("gRPC-web"),
         .hint = TEXT("through any HTTP proxy"),
         .holds = speaks<GrpcFlavour::Web, GrpcFlavour::WebText>,
         .settle = settleGrpcWeb,
         .pages = {callPage<CallPage::Speaks::GrpcWeb>, metadataPage, connectionPage,
                   coursePage<Offers::Repeating>}},
        {.id = "connect",
         .group = TEXT("gRPC"),
         .name = TEXT("Connect"),
         .hint = TEXT("binary or JSON"),
         .holds = speaks<GrpcFlavour::Connect, GrpcFlavour::ConnectJson>,
         .settle = settleConnect,
         .pages = {callPage<CallPage::Speaks::Connect>, metadataPage, connectionPage,
                   coursePage<Offers::Repeating>}},
        {.id = "websocket",
         .group = TEXT("Sockets"),
         .name = TEXT("WebSocket"),
         .hint = TEXT("messages with rows in them"),
         .holds =
             [](const DownloadRequest &request) {
                 return !request.grpc && transport::isWebSocketUrl(request.bytes.url);
             },
         .settle = settleWebSocket,
         .pages = {messagesPage, rowsPage<Rows::Objects>, connectionPage,
                   coursePage<Offers::Nothing>}},
        {.id = "postgres",
         .group = TEXT("Databases"),
         .name = TEXT("PostgreSQL"),
         .hint = TEXT("a query, or a whole table"),
         .holds = isPostgres,
         .settle = settlePostgres,
         .pages = {postgresPage, fetchPage, coursePage<Offers::Nothing>}},
        {.id = "files",
         .group = TEXT("Storages"),
         .name = TEXT("Files"),
         .hint = TEXT("paths, folders, patterns, URLs"),
         .holds = isOfFiles,
         .settle = settleFileSet,
         .pages = {filesPage, rowsPage<Rows::Everything>, coursePage<Offers::Nothing>}},
        {.id = "s3",
         .group = TEXT("Storages"),
         .name = TEXT("S3"),
         .hint = TEXT("objects in a bucket"),
         .holds = isStored<Storage::S3>,
         .settle = settleStored,
         .pages = {storagePage<Storage::S3>, rowsPage<Rows::Everything>,
                   coursePage<Offers::Nothing>}},
        {.id = "sftp",
         .group = TEXT("Storages"),
         .name = TEXT("SFTP"),
         .hint = TEXT("files on an SSH server"),
         .holds = isStored<Storage::Sftp>,
         .settle = settleStored,
         .pages = {storagePage<Storage::Sftp>, rowsPage<Rows::Everything>,
                   coursePage<Offers::Nothing>}},
    };
    return table;
}

#undef TEXT

} // namespace

std::span<const SourceKind> sourceKinds()
{
    return kinds();
}

const SourceKind &kindOf(const DownloadRequest &request)
{
    const auto found = std::ranges::find_if(
        kinds(), [&request](const SourceKind &kind) { return kind.holds(request); });
    return found == kinds().end() ? kinds().front() : *found;
}

std::string withScheme(const std::string &url, std::string_view plain, std::string_view secure)
{
    constexpr auto kPlain = std::to_array<std::string_view>({"http", "ws", "grpc"});
    constexpr auto kSecure = std::to_array<std::string_view>({"https", "wss", "grpcs"});
    const auto end = url.find("://");
    if (end == std::string::npos)
        return url;
    const std::string_view scheme = std::string_view(url).substr(0, end);
    if (std::ranges::find(kPlain, scheme) != kPlain.end())
        return std::string(plain) + url.substr(end);
    if (std::ranges::find(kSecure, scheme) != kSecure.end())
        return std::string(secure) + url.substr(end);
    return url;
}

} // namespace freshet::ui
