// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same table through every protocol in one run, against NDJSON: from the demo server, in this
// process too, into a durable dataset (wall clock), and decoded alone out of memory (CPU time of
// one thread). Usage: bench_protocols SOURCE_FOLDER [ROWS] [ROUNDS]
#include "decode/row_decoder.h"
#include "demo/demo_server.h"
#include "demo/grpc_server.h"
#include "demo/socket_server.h"
#include "transfer/transfer.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace {

using namespace freshet;
using namespace freshet::transfer;

constexpr std::chrono::minutes kPatience{30};

struct Way
{
    const char *name;
    DownloadRequest request;
};

/// Where the demo's servers are.
struct Places
{
    std::string web;
    std::string grpc;
    std::string socket;
    std::string proto;
};

/// Keeps an answer as it comes, before its decoder.
class KeptAnswer final : public transport::ByteSink
{
public:
    Status onHead(const transport::ResponseHead &told) override
    {
        head = told;
        return {};
    }
    Status onBytes(std::string_view bytes) override
    {
        body += bytes;
        return {};
    }

    transport::ResponseHead head;
    std::string body;
};

class CountingSink final : public decode::BatchSink, public decode::RejectSink
{
public:
    Status accept(columnar::RecordBatch batch, ByteOffset) override
    {
        rows += batch.rowCount;
        return {};
    }
    bool reject(decode::RejectedRow) override { return false; }

    std::int64_t rows = 0;
};

double cpuSeconds()
{
    timespec now = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::vector<Way> waysTo(const Places &places, std::int64_t rows)
{
    const std::string table = "rows=" + std::to_string(rows);
    const std::string users = places.web + "/api/users";
    const auto get = [](const std::string &url, decode::Format format) {
        DownloadRequest request;
        request.bytes.url = url;
        request.bytes.acceptEncoding = "identity";
        request.decode.format = format;
        return request;
    };
    const auto paged = [&](PageStyle style, const char *start, std::int64_t size) {
        DownloadRequest request =
            get(users + '?' + table + '&' + start + "&limit=" + std::to_string(size),
                decode::Format::Auto);
        request.pages = PageRule{.style = style, .size = size};
        return request;
    };
    const auto call = [&](GrpcFlavour flavour, bool inBatches) {
        DownloadRequest request =
            get(flavour == GrpcFlavour::Native ? places.grpc : places.web, decode::Format::Auto);
        request.grpc = GrpcCall{.schema = {.protoFiles = {places.proto}},
                                .method = inBatches ? "users.UserService/ListUsers"
                                                    : "users.UserService/StreamUsers",
                                .requestJson = "{\"rows\": " + std::to_string(rows) + "}",
                                .flavour = flavour,
                                .rowsField = inBatches ? "users" : ""};
        return request;
    };
    DownloadRequest socket = get(places.socket + '?' + table, decode::Format::WebSocket);
    socket.bytes.body = R"({"type":"fetch-all"})";
    return {
        {"NDJSON", get(users + "/stream?" + table, decode::Format::Ndjson)},
        {"JSON", get(users + '?' + table, decode::Format::Json)},
        {"CSV", get(users + ".csv?" + table, decode::Format::Csv)},
        {"SSE", get(users + "/sse?" + table, decode::Format::Sse)},
        {"MessagePack", get(users + ".msgpack?" + table, decode::Format::MsgPack)},
        {"CBOR", get(users + ".cbor?" + table, decode::Format::Cbor)},
        {"gRPC-web, messages", call(GrpcFlavour::Web, false)},
        {"gRPC-web, batches", call(GrpcFlavour::Web, true)},
        {"Connect, messages", call(GrpcFlavour::Connect, false)},
        {"Connect, batches", call(GrpcFlavour::Connect, true)},
        {"gRPC, messages", call(GrpcFlavour::Native, false)},
        {"gRPC, batches", call(GrpcFlavour::Native, true)},
        {"WebSocket", std::move(socket)},
        {"pages of 1,000, offset", paged(PageStyle::Offset, "offset=0", 1000)},
        {"pages of 5,000, offset", paged(PageStyle::Offset, "offset=0", 5000)},
        {"pages of 1,000, cursor", paged(PageStyle::Cursor, "cursor=", 1000)},
        {"pages of 5,000, cursor", paged(PageStyle::Cursor, "cursor=", 5000)},
    };
}

/// Rows a second into a dataset; 0 if it did not get all of them, proven.
double transferRate(const std::shared_ptr<store::Library> &library, const DownloadRequest &request,
                    std::int64_t rows)
{
    const auto start = std::chrono::steady_clock::now();
    const auto transfer = Transfer::start(library, request, {});
    if (!transfer || !(*transfer)->waitFor(kPatience))
        return 0;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const Progress progress = (*transfer)->progress();
    const bool isWhole = progress.verdict && progress.verdict->kind == VerdictKind::Verified &&
                         progress.rows.value() == rows;
    (void)library->remove((*transfer)->dataset()->id());
    return isWhole ? static_cast<double>(rows) / seconds.count() : 0;
}

/// Rows a second of CPU time, decoding `answer` on this thread; 0 if that fails.
double decodeRate(const KeptAnswer &answer, decode::DecodeOptions options)
{
    static constexpr std::size_t kChunk = 256 * 1024; // as the network delivers them
    options.contentType = answer.head.contentType;
    for (const auto &[name, value] : answer.head.headers)
        options.headers.emplace_back(name, value);
    columnar::BatchBuilder builder;
    CountingSink sink;
    const auto decoder = decode::makeDecoder(options, {builder, sink, sink});
    if (!decoder)
        return 0;
    const double start = cpuSeconds();
    for (std::size_t at = 0; at < answer.body.size(); at += kChunk) {
        if (!(*decoder)->feed(std::string_view(answer.body).substr(at, kChunk)))
            return 0;
    }
    if (!(*decoder)->finish())
        return 0;
    return static_cast<double>(sink.rows) / (cpuSeconds() - start);
}

/// The whole answer, or an empty one.
KeptAnswer keptAnswerOf(const DownloadRequest &request)
{
    KeptAnswer kept;
    auto transport = transport::makeTransport(withAccept(request.bytes, request.decode.format));
    if (!transport || !(*transport)->run(kept, {}))
        kept.body.clear();
    return kept;
}

void print(const char *name, const char *work, double rate, double peer)
{
    if (rate > 0)
        std::printf("%-24s %-8s %11.0f rows/s  %.2f of NDJSON\n", name, work, rate, rate / peer);
    else
        std::printf("%-24s %-8s failed\n", name, work);
    std::fflush(stdout);
}

int compare(const std::vector<Way> &ways, std::int64_t rows, int rounds)
{
    const QTemporaryDir folder;
    const auto library = store::Library::open(folder.path().toStdString());
    if (!library)
        return EXIT_FAILURE;
    // Round by round, so that what else the machine does falls on all of them.
    std::vector<double> whole(ways.size(), 0);
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < ways.size(); ++i)
            whole[i] = std::max(whole[i], transferRate(*library, ways[i].request, rows));
    }
    for (std::size_t i = 0; i < ways.size(); ++i)
        print(ways[i].name, "whole", whole[i], whole.front());

    double ndjson = 0;
    for (const Way &way : ways) {
        // Pages are many answers, and a WebSocket stays open when it has said all.
        if (way.request.pages || way.request.decode.format == decode::Format::WebSocket)
            continue;
        const KeptAnswer kept = keptAnswerOf(way.request);
        double best = 0;
        for (int round = 0; round < rounds && !kept.body.empty(); ++round)
            best = std::max(best, decodeRate(kept, way.request.decode));
        ndjson = ndjson == 0 ? best : ndjson;
        print(way.name, "decode", best, ndjson);
    }
    return EXIT_SUCCESS;
}

int run(const std::string &source, std::int64_t rows, int rounds)
{
    const auto web = demo::DemoServer::start();
    const auto grpc = demo::GrpcServer::start();
    const auto socket = demo::SocketServer::start();
    if (!web || !grpc || !socket)
        return EXIT_FAILURE;
    std::vector<Way> ways = waysTo({.web = (*web)->origin(),
                                    .grpc = (*grpc)->origin(),
                                    .socket = (*socket)->url(),
                                    .proto = source + "/resources/demo.proto"},
                                   rows);
    for (Way &way : ways) {
        if (!way.request.grpc)
            continue;
        if (const Status prepared = prepareGrpcCall(way.request, {}); !prepared) {
            std::printf("%s\n", prepared.error().toString().c_str());
            return EXIT_FAILURE;
        }
    }
    return compare(ways, rows, rounds);
}

} // namespace

int main(int argc, char **argv)
{
    const std::int64_t rows = argc > 2 ? std::atoll(argv[2]) : 400'000;
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 3;
    if (argc < 2 || rows < 1 || rounds < 1) {
        std::printf("usage: bench_protocols SOURCE_FOLDER [ROWS] [ROUNDS]\n");
        return 2;
    }
    QCoreApplication application(argc, argv); // the WebSocket server's
    return run(argv[1], rows, rounds);
}
