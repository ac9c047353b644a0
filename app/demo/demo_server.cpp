// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_server.h"

#include "demo/body_stream.h"
#include "demo/export_jobs.h"
#include "demo/export_routes.h"
#include "demo/grpc_web.h"
#include "demo/user_page.h"

#include <httplib.h>

#include <charconv>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace freshet::demo {

namespace {

constexpr std::int64_t kMaxRows = 10'000'000'000;
/// Each answer under way holds one, a stalled one too.
constexpr std::size_t kThreads = 32;
constexpr std::int64_t kMostDelayMs = 600'000;
constexpr std::size_t kRequestsPerConnection = 1000;

constexpr std::string_view kIndexPage = R"(Freshet demo server

GET /api/users          JSON array, NDJSON, CSV, MessagePack or CBOR by Accept
GET /api/users/stream   NDJSON
GET /api/users/sse      server-sent events, going on behind Last-Event-ID
GET /api/users.csv      CSV; also .msgpack, .cbor
POST /api/export/request   an export: answers 202, then GET /api/export/ID/status, then a signed link
     format=csv|ndjson.gz|parquet, rows=N, parts=N, seconds=N, expires=N, fail=1
POST /users.UserService/StreamUsers, …/ListUsers   gRPC-web and Connect (resources/demo.proto)

Pages: /api/users with page=N, offset=N or cursor=TEXT (empty at first), and limit=N (100);
link=yes       a bare array with a Link header
cap=N          rows a page has at most (10000)
trap=KIND      repeat, endless, short; fault=error:N, cut:N strike the page with row N

rows=N     how many rows (1000)       seed=N     another table (1)
since=ID   rows behind that id; inclusive=1: from it on
rate=N     rows per second            total=no   leave out X-Total-Count
delay=MS   wait before answering
fault=KIND:N   cut, cut-row, stall, error, bad, length
Accept-Encoding: zstd, br, gzip
)";

Result<std::int64_t> integerParameter(const httplib::Request &request, const char *name,
                                      std::int64_t fallback, std::int64_t most)
{
    if (!request.has_param(name))
        return fallback;
    const std::string text = request.get_param_value(name);
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size() || value < 0 || value > most)
        return fail(ErrorCode::InvalidArgument, std::string(name) +
                                                    "= takes a whole number from 0 to " +
                                                    std::to_string(most) + ", not \"" + text + '"');
    return value;
}

/// The format that the Accept header names first; a JSON array if it names none we know.
BodyFormat acceptedFormat(const std::string &accept)
{
    static constexpr std::pair<std::string_view, BodyFormat> kNames[] = {
        {"application/json", BodyFormat::JsonArray},
        {"ndjson", BodyFormat::Ndjson},
        {"jsonl", BodyFormat::Ndjson},
        {"text/csv", BodyFormat::Csv},
        {"text/event-stream", BodyFormat::Sse},
        {"msgpack", BodyFormat::MsgPack},
        {"application/cbor", BodyFormat::Cbor}};
    BodyFormat format = BodyFormat::JsonArray;
    std::size_t first = std::string::npos;
    for (const auto &[name, named] : kNames) {
        if (const std::size_t place = accept.find(name); place < first) {
            first = place;
            format = named;
        }
    }
    return format;
}

const char *contentType(BodyFormat format)
{
    switch (format) {
    case BodyFormat::JsonArray:
        return "application/json";
    case BodyFormat::Ndjson:
        return "application/x-ndjson";
    case BodyFormat::Csv:
        return "text/csv";
    case BodyFormat::Sse:
        return "text/event-stream";
    case BodyFormat::MsgPack:
        return "application/msgpack";
    case BodyFormat::Cbor:
        return "application/cbor-seq";
    }
    return "application/octet-stream";
}

/// The row behind the event that the client had last; 0 if it had none.
std::int64_t rowBehind(const std::string &lastEventId, std::int64_t rows)
{
    std::int64_t row = 0;
    const auto read =
        std::from_chars(lastEventId.data(), lastEventId.data() + lastEventId.size(), row);
    return read.ec == std::errc() && row >= 0 && row <= rows ? row : 0;
}

/// The first row behind `since=`, or at it with `inclusive=`.
Result<std::int64_t> firstRowSince(const httplib::Request &request, std::int64_t rows)
{
    const auto since = integerParameter(request, "since", 0, INT64_MAX);
    if (!since)
        return since;
    const bool isInclusive = request.has_param("inclusive");
    return std::min(UsersTable::indexBehind(isInclusive ? *since - 1 : *since), rows);
}

Result<BodyOptions> optionsOf(const httplib::Request &request, BodyFormat format)
{
    BodyOptions options{.format = format};
    const auto rows = integerParameter(request, "rows", options.rows, kMaxRows);
    const auto seed = integerParameter(request, "seed", 1, INT64_MAX);
    const auto rate = integerParameter(request, "rate", 0, kMaxRows);
    auto fault = Fault::parse(request.get_param_value("fault"));
    for (const auto *number : {&rows, &seed, &rate}) {
        if (!*number)
            return fail(number->error());
    }
    if (!fault)
        return fail(std::move(fault).error());
    const auto first = firstRowSince(request, *rows);
    if (!first)
        return fail(first.error());
    options.rows = *rows;
    options.first = *first;
    options.seed = static_cast<std::uint64_t>(*seed);
    options.rowsPerSecond = static_cast<double>(*rate);
    options.fault = *fault;
    if (format == BodyFormat::Sse)
        options.first = rowBehind(request.get_header_value("Last-Event-ID"), options.rows);
    if (options.fault.kind != Fault::Kind::Length)
        options.coding = negotiatedCoding(request.get_header_value("X-Accept-Coding"));
    return options;
}

bool isPaged(const httplib::Request &request)
{
    return request.has_param("page") || request.has_param("offset") || request.has_param("cursor");
}

Result<PageQuery> pageQueryOf(const httplib::Request &request)
{
    PageQuery query;
    const auto rows = integerParameter(request, "rows", query.rows, kMaxRows);
    const auto seed = integerParameter(request, "seed", 1, INT64_MAX);
    const auto limit = integerParameter(request, "limit", query.limit, kMaxRows);
    const auto cap = integerParameter(request, "cap", query.cap, query.cap);
    const auto page = integerParameter(request, "page", 1, kMaxRows);
    const auto offset = integerParameter(request, "offset", 0, kMaxRows);
    for (const auto *number : {&rows, &seed, &limit, &cap, &page, &offset}) {
        if (!*number)
            return fail(number->error());
    }
    const auto cursor = rowOfCursor(request.get_param_value("cursor"));
    auto trap = pageTrapByName(request.get_param_value("trap"));
    auto fault = Fault::parse(request.get_param_value("fault"));
    if (!cursor || !trap || !fault)
        return fail(!cursor ? cursor.error() : !trap ? trap.error() : fault.error());
    if (*limit < 1 || *cap < 1 || *page < 1)
        return fail(ErrorCode::InvalidArgument, "limit=, cap= and page= are 1 at least");
    const auto begin = firstRowSince(request, *rows);
    if (!begin)
        return fail(begin.error());
    query.rows = *rows;
    query.begin = *begin;
    query.seed = static_cast<std::uint64_t>(*seed);
    query.limit = *limit;
    query.cap = *cap;
    query.trap = *trap;
    query.fault = *fault;
    if (request.has_param("cursor")) {
        query.form = PageForm::Cursor;
        query.first = *cursor;
    } else if (request.has_param("offset")) {
        query.form = PageForm::Offset;
        query.first = *offset;
    } else {
        query.form = request.has_param("link") ? PageForm::Link : PageForm::Number;
        query.first = (*page - 1) * std::min(*limit, *cap);
    }
    return query;
}

/// The target with another page number: relative, as RFC 8288 allows.
std::string linkTo(const httplib::Request &request, std::int64_t number, const char *relation)
{
    std::string target = request.path;
    char separator = '?';
    for (const auto &[name, value] : request.params) {
        target += separator + name + '=' + (name == "page" ? std::to_string(number) : value);
        separator = '&';
    }
    return '<' + target + ">; rel=\"" + relation + '"';
}

void refuse(httplib::Response &response, const Error &error)
{
    response.status = 400;
    response.set_content(error.detail + '\n', "text/plain");
}

} // namespace

struct DemoServer::Impl
{
    ExportJobs exports;
    httplib::Server server;
    std::thread thread;
    int port = 0;

    std::mutex mutex;
    std::condition_variable wake;
    bool stopping = false;

    void addRoutes();
    void answer(const httplib::Request &request, httplib::Response &response, BodyFormat format);
    static void answerPage(const httplib::Request &request, httplib::Response &response);
    void answerGrpc(const httplib::Request &request, httplib::Response &response);
    /// One step of `body` into `sink`. Output: false when the connection is to be closed.
    bool pump(BodyStream &body, httplib::DataSink &sink);
    /// Wait until `due` or `stop`. Output: whether the server goes on.
    bool waitUntil(std::chrono::steady_clock::time_point due);
    void stop();
};

void DemoServer::Impl::addRoutes()
{
    // The library's five would make a client of small pages connect over and over.
    server.set_keep_alive_max_count(kRequestsPerConnection);
    // The library would compress by itself, with zlib and one level; we negotiate the coding. The
    // request is its own object, passed as const only by the handler's signature.
    server.set_pre_routing_handler([](const httplib::Request &request, httplib::Response &) {
        auto &headers = const_cast<httplib::Request &>(request).headers;
        if (const auto found = headers.find("Accept-Encoding"); found != headers.end()) {
            headers.emplace("X-Accept-Coding", found->second);
            headers.erase("Accept-Encoding");
        }
        return httplib::Server::HandlerResponse::Unhandled;
    });
    server.Get("/", [](const httplib::Request &, httplib::Response &response) {
        response.set_content(std::string(kIndexPage), "text/plain; charset=utf-8");
    });
    server.Get("/api/users", [this](const httplib::Request &request, httplib::Response &response) {
        if (isPaged(request))
            return answerPage(request, response);
        answer(request, response, acceptedFormat(request.get_header_value("Accept")));
    });
    server.Get("/api/users/stream",
               [this](const httplib::Request &request, httplib::Response &response) {
                   answer(request, response, BodyFormat::Ndjson);
               });
    addExportRoutes(server, exports);
    static constexpr std::pair<const char *, BodyFormat> kFixed[] = {
        {"/api/users.csv", BodyFormat::Csv},
        {"/api/users/sse", BodyFormat::Sse},
        {"/api/users.msgpack", BodyFormat::MsgPack},
        {"/api/users.cbor", BodyFormat::Cbor}};
    for (const auto &[path, format] : kFixed) {
        server.Get(path, [this, format = format](const httplib::Request &request,
                                                 httplib::Response &response) {
            answer(request, response, format);
        });
    }
    server.Post(R"(/users\.UserService/(\w+))",
                [this](const httplib::Request &request, httplib::Response &response) {
                    answerGrpc(request, response);
                });
}

void DemoServer::Impl::answerGrpc(const httplib::Request &request, httplib::Response &response)
{
    const auto wire = grpcWireOf(request.get_header_value("Content-Type"));
    if (!wire) {
        response.status = 415;
        return;
    }
    auto body = std::make_shared<GrpcWebBody>(*wire, request.matches[1].str(), request.body);
    response.set_chunked_content_provider(
        contentTypeOf(*wire), [this, body](std::size_t, httplib::DataSink &sink) {
            std::string bytes;
            const auto step = body->next(bytes);
            if (!bytes.empty() && !sink.write(bytes.data(), bytes.size()))
                return false;
            switch (step) {
            case GrpcWebBody::Step::More:
                return true;
            case GrpcWebBody::Step::Stalled:
                return waitUntil(std::chrono::steady_clock::now() + std::chrono::hours(1));
            case GrpcWebBody::Step::Done:
                sink.done();
                return true;
            case GrpcWebBody::Step::Broken:
                break;
            }
            return false;
        });
}

void DemoServer::Impl::answer(const httplib::Request &request, httplib::Response &response,
                              BodyFormat format)
{
    const auto options = optionsOf(request, format);
    if (!options)
        return refuse(response, options.error());
    const auto delay = integerParameter(request, "delay", 0, kMostDelayMs);
    if (!delay)
        return refuse(response, delay.error());
    if (*delay > 0)
        (void)waitUntil(std::chrono::steady_clock::now() + std::chrono::milliseconds(*delay));
    auto stream = BodyStream::create(*options);
    if (!stream)
        return refuse(response, stream.error());
    auto body = std::make_shared<BodyStream>(std::move(*stream));

    response.set_header("Cache-Control", "no-store");
    response.set_header("Vary", "Accept, Accept-Encoding");
    response.set_header("X-Accel-Buffering", "no");
    // A stream that goes on counts from its start.
    const std::int64_t total =
        format == BodyFormat::Sse ? options->rows : options->rows - options->first;
    if (request.get_param_value("total") != "no")
        response.set_header("X-Total-Count", std::to_string(total));
    if (!options->coding.empty())
        response.set_header("Content-Encoding", std::string(options->coding));

    if (options->fault.kind == Fault::Kind::Length) {
        const auto length = BodyStream::length(*options);
        if (!length)
            return refuse(response, length.error());
        response.set_content_provider(
            static_cast<std::size_t>(*length + options->fault.n), contentType(format),
            [this, body](std::size_t, std::size_t, httplib::DataSink &sink) {
                return pump(*body, sink);
            });
        return;
    }
    response.set_chunked_content_provider(
        contentType(format),
        [this, body](std::size_t, httplib::DataSink &sink) { return pump(*body, sink); });
}

void DemoServer::Impl::answerPage(const httplib::Request &request, httplib::Response &response)
{
    const auto query = pageQueryOf(request);
    if (!query)
        return refuse(response, query.error());
    UserPage page = makeUserPage(*query);
    if (query->form == PageForm::Link) {
        std::string links = linkTo(request, page.lastNumber, "last");
        if (page.nextNumber)
            links = linkTo(request, *page.nextNumber, "next") + ", " + links;
        response.set_header("Link", links);
    }
    response.set_header("Cache-Control", "no-store");
    if (page.isCut) {
        // Announced in full, sent in half: the connection has to close.
        const std::size_t length = page.body.size();
        response.set_content_provider(
            length, "application/json",
            [body = std::move(page.body)](std::size_t, std::size_t, httplib::DataSink &sink) {
                sink.write(body.data(), body.size() / 2);
                return false;
            });
        return;
    }
    const auto coding = negotiatedCoding(request.get_header_value("X-Accept-Coding"));
    const auto encoder = makeBodyEncoder(coding);
    std::string encoded;
    if (!encoder)
        return refuse(response, encoder.error());
    if (const auto done = (*encoder)->encode(page.body, BodyEncoder::Mode::End, encoded); !done)
        return refuse(response, done.error());
    if (!coding.empty())
        response.set_header("Content-Encoding", std::string(coding));
    response.set_content(encoded, "application/json");
}

bool DemoServer::Impl::pump(BodyStream &body, httplib::DataSink &sink)
{
    std::string bytes;
    const auto step = body.next(bytes);
    if (!step || (!bytes.empty() && !sink.write(bytes.data(), bytes.size())))
        return false;
    switch (*step) {
    case BodyStream::Step::More:
        return true;
    case BodyStream::Step::Waiting:
        return waitUntil(body.due());
    case BodyStream::Step::Done:
        // A body that was announced as longer than it is has no end to speak of.
        if (!sink.done)
            return false;
        sink.done();
        return true;
    case BodyStream::Step::Broken:
        return false;
    }
    return false;
}

bool DemoServer::Impl::waitUntil(std::chrono::steady_clock::time_point due)
{
    std::unique_lock lock(mutex);
    return !wake.wait_until(lock, due, [this] { return stopping; });
}

void DemoServer::Impl::stop()
{
    {
        const std::lock_guard lock(mutex);
        stopping = true;
    }
    wake.notify_all();
    server.stop();
    if (thread.joinable())
        thread.join();
}

DemoServer::DemoServer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

DemoServer::~DemoServer()
{
    m_impl->stop();
}

Result<std::unique_ptr<DemoServer>> DemoServer::start(int port)
{
    auto impl = std::make_unique<Impl>();
    impl->addRoutes();
    impl->server.set_tcp_nodelay(true);
    impl->server.new_task_queue = [] {
        return new httplib::ThreadPool(kThreads);
    };
    // The library's default shares the port with whoever asks (SO_REUSEPORT), so that a taken port
    // would not be noticed.
    impl->server.set_socket_options([](socket_t socket) {
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    if (port == 0)
        impl->port = impl->server.bind_to_any_port("127.0.0.1");
    else if (impl->server.bind_to_port("127.0.0.1", port))
        impl->port = port;
    if (impl->port <= 0)
        return fail(ErrorCode::ConnectFailed,
                    "cannot listen on 127.0.0.1:" + std::to_string(port) + ": the port is taken");
    impl->thread = std::thread([server = &impl->server] { server->listen_after_bind(); });
    // `stop()` before the listener runs would be lost.
    while (!impl->server.is_running())
        std::this_thread::yield();
    return std::unique_ptr<DemoServer>(new DemoServer(std::move(impl)));
}

int DemoServer::port() const
{
    return m_impl->port;
}

std::string DemoServer::origin() const
{
    return "http://127.0.0.1:" + std::to_string(m_impl->port);
}

} // namespace freshet::demo
