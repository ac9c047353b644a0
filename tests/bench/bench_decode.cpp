// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Decode and build on one thread against simdjson walking the same bytes without storing them.
// Usage: bench_decode [MEBIBYTES] [FILE.ndjson]
#include "simdjson_walk.h"

#include "decode/ndjson_decoder.h"
#include "decode/row_decoder.h"
#include "demo/users_table.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

namespace {

using namespace freshet;

constexpr std::size_t kSimdjsonPadding = 64;
constexpr int kRounds = 5;

class DiscardingSink : public decode::BatchSink, public decode::RejectSink
{
public:
    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset) override
    {
        m_rows += batch.rowCount;
        return {};
    }
    [[nodiscard]] bool reject(decode::RejectedRow) override { return false; }
    [[nodiscard]] std::int64_t rows() const { return m_rows; }

private:
    std::int64_t m_rows = 0;
};

/// CPU time of this thread: what else the machine does should not count.
double cpuSeconds()
{
    timespec now = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Megabytes (10^6) per second of the best of `kRounds` rounds.
template <typename Work>
double bestRate(std::size_t bytes, Work work)
{
    double best = 0;
    for (int round = 0; round < kRounds; ++round) {
        const double start = cpuSeconds();
        work();
        best = std::max(best, static_cast<double>(bytes) / 1e6 / (cpuSeconds() - start));
    }
    return best;
}

std::int64_t decodeRows(decode::Format format, std::string_view text)
{
    columnar::BatchBuilder builder;
    DiscardingSink sink;
    decode::DecodeOptions options;
    options.format = format;
    auto decoder = decode::makeDecoder(options, {builder, sink, sink});
    static constexpr std::size_t kChunk = 256 * 1024; // as the network delivers them
    bool ok = decoder.has_value();
    for (std::size_t at = 0; ok && at < text.size(); at += kChunk)
        ok = (*decoder)->feed(text.substr(at, kChunk)).has_value();
    ok = ok && (*decoder)->finish().has_value();
    if (!ok)
        std::printf("decoding failed\n");
    return sink.rows();
}

/// The rows as events with ids, as the demo server sends them.
std::string events(std::size_t bytes)
{
    const demo::UsersTable table(1);
    std::string text;
    for (std::int64_t row = 0; text.size() < bytes; ++row) {
        text += "id: " + std::to_string(row + 1) + "\ndata: ";
        table.appendJson(text, row);
        text += "\n\n";
    }
    return text;
}

std::string users(std::size_t bytes, bool asArray)
{
    const demo::UsersTable table(1);
    std::string text = asArray ? "[" : "";
    for (std::int64_t row = 0; text.size() < bytes; ++row) {
        if (asArray && row != 0)
            text += ",\n";
        table.appendJson(text, row);
        if (!asArray)
            text += '\n';
    }
    text += asArray ? "]" : "";
    return text;
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t mebibytes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 256;
    std::string text;
    if (argc > 2) {
        std::ifstream file(argv[2], std::ios::binary);
        const std::string once((std::istreambuf_iterator<char>(file)), {});
        while (!once.empty() && text.size() < mebibytes << 20)
            text += once;
    } else {
        text = users(mebibytes << 20, false);
    }
    text.reserve(text.size() + kSimdjsonPadding);

    using bench::WalkDepth;
    bench::WalkResult walked;
    double peer = 0;
    std::printf("simdjson (%s) walking\n", bench::simdjsonImplementation().c_str());
    for (const WalkDepth depth : {WalkDepth::Values, WalkDepth::Tokens}) {
        const double lines = bestRate(text.size(), [&] { walked = bench::walkLines(text, depth); });
        const double many = bestRate(text.size(), [&] { (void)bench::walkMany(text, depth); });
        std::printf("  %s: %.0f MB/s by line, %.0f MB/s by iterate_many\n",
                    depth == WalkDepth::Values ? "values" : "tokens", lines, many);
        if (depth == WalkDepth::Values)
            peer = std::max(lines, many);
    }

    std::int64_t rows = 0;
    const double ndjson =
        bestRate(text.size(), [&] { rows = decodeRows(decode::Format::Ndjson, text); });
    std::printf("%lld rows of %.0f bytes\n", static_cast<long long>(rows),
                static_cast<double>(text.size()) /
                    static_cast<double>(std::max<std::int64_t>(rows, 1)));
    std::printf("ndjson decode+build: %.0f MB/s, ratio %.2f\n", ndjson, ndjson / peer);
    if (argc <= 2) {
        const std::string array = users(mebibytes << 20, true);
        const double json =
            bestRate(array.size(), [&] { (void)decodeRows(decode::Format::Json, array); });
        std::printf("json decode+build:   %.0f MB/s, ratio %.2f\n", json, json / peer);
        const std::string stream = events(mebibytes << 20);
        const double sse =
            bestRate(stream.size(), [&] { (void)decodeRows(decode::Format::Sse, stream); });
        std::printf("sse decode+build:    %.0f MB/s, %.2f of ndjson\n", sse, sse / ndjson);
    }
    return walked.isWhole && rows == walked.documents ? 0 : 1;
}
