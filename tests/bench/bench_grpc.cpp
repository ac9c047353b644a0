// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows a second of gRPC messages against the same rows as NDJSON, decode and build on one thread:
// the demo's users, which are mostly text, and readings, which are numbers. Usage: bench_grpc
// SOURCE_FOLDER [ROWS]
#include "readings.h"

#include "decode/proto_schema.h"
#include "decode/row_decoder.h"
#include "demo/user_stream.h"
#include "demo/users_table.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>

namespace {

using namespace freshet;

constexpr int kRounds = 5;

class CountingSink : public decode::BatchSink, public decode::RejectSink
{
public:
    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset) override
    {
        rows += batch.rowCount;
        return {};
    }
    [[nodiscard]] bool reject(decode::RejectedRow) override { return false; }

    std::int64_t rows = 0;
};

/// CPU time of this thread: what else the machine does should not count.
double cpuSeconds()
{
    timespec now = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void appendFrame(std::string &body, unsigned flags, std::string_view payload)
{
    body += static_cast<char>(flags);
    for (int shift = 24; shift >= 0; shift -= 8)
        body += static_cast<char>(payload.size() >> shift & 0xFF);
    body += payload;
}

std::string messages(std::int64_t rows, bool inBatches)
{
    demo::UserQuery query;
    query.rows = rows;
    demo::UserStream users(query, inBatches);
    std::string body;
    std::string message;
    while (users.next(message) == demo::UserStream::Step::Message)
        appendFrame(body, 0, message);
    appendFrame(body, 0x80, "grpc-status: 0\r\n");
    return body;
}

std::string lines(std::int64_t rows)
{
    const demo::UsersTable table(1);
    std::string text;
    for (std::int64_t row = 0; row < rows; ++row) {
        table.appendJson(text, row);
        text += '\n';
    }
    return text;
}

/// Rows a second of the best of `kRounds` rounds.
double rate(std::string_view body, const decode::DecodeOptions &options)
{
    static constexpr std::size_t kChunk = 256 * 1024; // as the network delivers them
    double best = 0;
    for (int round = 0; round < kRounds; ++round) {
        columnar::BatchBuilder builder;
        CountingSink sink;
        const auto decoder = decode::makeDecoder(options, {builder, sink, sink});
        bool ok = decoder.has_value();
        const double start = cpuSeconds();
        for (std::size_t at = 0; ok && at < body.size(); at += kChunk)
            ok = (*decoder)->feed(body.substr(at, kChunk)).has_value();
        ok = ok && (*decoder)->finish().has_value();
        if (!ok)
            std::printf("decoding failed\n");
        best = std::max(best, static_cast<double>(sink.rows) / (cpuSeconds() - start));
    }
    return best;
}

void print(const char *name, double rowsPerSecond, std::size_t bytes, std::int64_t rows,
           double peer)
{
    std::printf("%-18s %6.2f M rows/s, %4.0f bytes a row, %.2f of ndjson\n", name,
                rowsPerSecond / 1e6, static_cast<double>(bytes) / static_cast<double>(rows),
                rowsPerSecond / peer);
}

} // namespace

namespace {

/// Errors as text, on standard output. Output: nothing then.
std::optional<std::string> schemaOf(const std::string &file)
{
    const auto schema = decode::ProtoSchema::load({.protoFiles = {file}});
    if (schema)
        return schema->descriptorSet();
    std::printf("%s\n", schema.error().toString().c_str());
    return std::nullopt;
}

decode::DecodeOptions optionsFor(const std::string &descriptorSet, const char *type,
                                 const char *rowsField = "")
{
    decode::DecodeOptions options{.format = decode::Format::GrpcWeb};
    options.messages = {.descriptorSet = descriptorSet, .typeName = type, .rowsField = rowsField};
    return options;
}

void compareUsers(const std::string &descriptorSet, std::int64_t rows)
{
    const std::string text = lines(rows);
    const double ndjson = rate(text, {.format = decode::Format::Ndjson});
    print("users, ndjson", ndjson, text.size(), rows, ndjson);
    const std::string single = messages(rows, false);
    print("users, messages", rate(single, optionsFor(descriptorSet, "users.User")), single.size(),
          rows, ndjson);
    const std::string batches = messages(rows, true);
    print("users, batches",
          rate(batches, optionsFor(descriptorSet, "users.ListUsersResponse", "users")),
          batches.size(), rows, ndjson);
}

void compareReadings(const std::string &descriptorSet, std::int64_t rows)
{
    std::string text;
    std::string body;
    std::string message;
    for (std::int64_t row = 0; row < rows; ++row) {
        const bench::Reading reading(row);
        reading.appendJson(text);
        message.clear();
        reading.appendProto(message);
        appendFrame(body, 0, message);
    }
    appendFrame(body, 0x80, "grpc-status: 0\r\n");
    const double ndjson = rate(text, {.format = decode::Format::Ndjson});
    print("readings, ndjson", ndjson, text.size(), rows, ndjson);
    print("readings, messages", rate(body, optionsFor(descriptorSet, "bench.Reading")), body.size(),
          rows, ndjson);
}

} // namespace

int main(int argc, char **argv)
{
    const std::int64_t rows = argc > 2 ? std::strtoll(argv[2], nullptr, 10) : 400'000;
    if (argc < 2 || rows < 1) {
        std::printf("usage: bench_grpc SOURCE_FOLDER [ROWS]\n");
        return 2;
    }
    const std::string source = argv[1];
    const auto users = schemaOf(source + "/resources/demo.proto");
    const auto readings = schemaOf(source + "/tests/bench/readings.proto");
    if (!users || !readings)
        return 1;
    compareUsers(*users, rows);
    compareReadings(*readings, rows);
    return 0;
}
