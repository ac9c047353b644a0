// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the store costs: decoded batches → durable dataset, and back. Decoding is not timed; rates
// in MB/s of JSON text say how fast a download the writer keeps up with on one core.
// Usage: bench_store [MEBIBYTES] [FOLDER]
#include "decode/row_decoder.h"
#include "demo/users_table.h"
#include "store/library.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

using namespace freshet;
using Clock = std::chrono::steady_clock;

class KeepingSink : public decode::BatchSink, public decode::RejectSink
{
public:
    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset) override
    {
        memory += batch.memory();
        batches.push_back(std::move(batch));
        return {};
    }
    [[nodiscard]] bool reject(decode::RejectedRow) override { return false; }

    std::vector<columnar::RecordBatch> batches;
    ByteCount memory;
};

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double megabytes(ByteCount bytes)
{
    return static_cast<double>(bytes.value()) / 1e6;
}

std::string users(std::size_t bytes)
{
    const demo::UsersTable table(1);
    std::string text;
    for (std::int64_t row = 0; text.size() < bytes; ++row) {
        table.appendJson(text, row);
        text += '\n';
    }
    return text;
}

bool decodeAll(std::string_view text, KeepingSink &sink)
{
    columnar::BatchBuilder builder;
    decode::DecodeOptions options;
    options.format = decode::Format::Ndjson;
    auto decoder = decode::makeDecoder(options, {builder, sink, sink});
    return decoder && (*decoder)->feed(text) && (*decoder)->finish();
}

bool writeAll(store::Library &library, const KeepingSink &sink, std::string &id)
{
    auto writer = library.create({.name = *library.freeName("bench"), .state = "Receiving"});
    if (!writer)
        return false;
    id = (*writer)->dataset()->id();
    for (const columnar::RecordBatch &batch : sink.batches) {
        if (!(*writer)->append(batch) || !(*writer)->commitIfDue({.state = "Receiving"}))
            return false;
    }
    return (*writer)->finish({.state = "Complete", .verdict = "verified"}).has_value();
}

bool scanAll(const store::DatasetSnapshot &snapshot)
{
    const auto scan = snapshot.scan();
    for (;;) {
        const auto batch = scan->next();
        if (!batch)
            return false;
        if (!*batch)
            return true;
    }
}

/// The time to read one column of one batch that is in no cache, in milliseconds.
double columnMillis(const store::DatasetSnapshot &snapshot, int column)
{
    std::vector<double> times;
    for (std::int64_t batch = 0; batch < std::min<std::int64_t>(snapshot.batchCount(), 50);
         ++batch) {
        const auto start = Clock::now();
        if (!snapshot.column(batch, column))
            return -1;
        times.push_back(secondsSince(start) * 1e3);
    }
    std::ranges::sort(times);
    return times.empty() ? 0 : times[times.size() / 2];
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv); // Qt Sql wants one
    const std::size_t mebibytes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 256;
    const QTemporaryDir temporary;
    const std::string text = users(mebibytes << 20);
    const ByteCount jsonBytes(static_cast<std::int64_t>(text.size()));
    KeepingSink sink;
    if (!decodeAll(text, sink)) {
        std::printf("decoding failed\n");
        return 1;
    }
    auto library = store::Library::open(argc > 2 ? argv[2] : temporary.path().toStdString());
    if (!library) {
        std::printf("%s\n", library.error().toString().c_str());
        return 1;
    }
    std::string id;
    double best = 1e9;
    double bestCpu = 1e9;
    for (int round = 0; round < 3; ++round) {
        if (!id.empty() && !(*library)->remove(id))
            return 1;
        const auto start = Clock::now();
        const std::clock_t cpuStart = std::clock();
        if (!writeAll(**library, sink, id)) {
            std::printf("writing failed\n");
            return 1;
        }
        best = std::min(best, secondsSince(start));
        bestCpu = std::min(bestCpu, static_cast<double>(std::clock() - cpuStart) / CLOCKS_PER_SEC);
    }
    const auto record = (*library)->find(id);
    const auto dataset = (*library)->dataset(id);
    if (!record || !dataset)
        return 1;
    std::printf("%lld rows: %.0f MB of JSON, %.0f MB of columns, %.0f MB stored (%.0f %%)\n",
                static_cast<long long>(record->rows.value()), megabytes(jsonBytes),
                megabytes(sink.memory), megabytes(record->storedBytes),
                100 * megabytes(record->storedBytes) / megabytes(sink.memory));
    std::printf("write, durable: %.0f MB/s of JSON, %.0f MB/s of columns\n",
                megabytes(jsonBytes) / best, megabytes(sink.memory) / best);
    std::printf("write, by processor time: %.0f MB/s of JSON\n", megabytes(jsonBytes) / bestCpu);
    (*library)->setCacheCapacity(ByteCount(0));
    const auto snapshot = (*dataset)->snapshot();
    const auto start = Clock::now();
    if (!scanAll(snapshot))
        return 1;
    std::printf("scan, all columns: %.0f MB/s of columns\n",
                megabytes(sink.memory) / secondsSince(start));
    for (int column = 0; column < snapshot.schema()->columnCount(); ++column) {
        std::printf("one column of one batch of %lld rows: %6.2f ms  %s\n",
                    static_cast<long long>(snapshot.extent(0).rows.value()),
                    columnMillis(snapshot, column),
                    snapshot.schema()->fields[static_cast<std::size_t>(column)].name.c_str());
    }
    return 0;
}
