// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Exports of a dataset against DuckDB's COPY of a table of its own with the same rows: seconds, and
// DuckDB's seconds divided by ours, in one run. Rounds alternate, the best of each counts.
// Usage: bench_export [ROWS] [FOLDER] [ROUNDS]
#include "decode/row_decoder.h"
#include "demo/users_table.h"
#include "duckdb_session.h"
#include "exporters/exporter.h"
#include "query/parquet_writer.h"
#include "store/library.h"

#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>

namespace {

using namespace freshet;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double peakMegabytes()
{
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1e3;
}

/// Writes decoded batches into a dataset as they come.
class StoringSink : public decode::BatchSink, public decode::RejectSink
{
public:
    explicit StoringSink(store::DatasetWriter &writer) : m_writer(writer) {}

    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset) override
    {
        return m_writer.append(std::move(batch));
    }
    [[nodiscard]] bool reject(decode::RejectedRow) override { return false; }

private:
    store::DatasetWriter &m_writer;
};

Result<store::DatasetSnapshot> makeDataset(store::Library &library, std::int64_t rows)
{
    auto writer = library.create({.name = "bench", .state = "Receiving"});
    if (!writer)
        return fail(std::move(writer).error());
    StoringSink sink(**writer);
    columnar::BatchBuilder builder;
    decode::DecodeOptions options;
    options.format = decode::Format::Ndjson;
    auto decoder = decode::makeDecoder(options, {builder, sink, sink});
    if (!decoder)
        return fail(std::move(decoder).error());
    const demo::UsersTable table(1);
    std::string text;
    for (std::int64_t row = 0; row < rows; ++row) {
        table.appendJson(text, row);
        text += '\n';
        if (text.size() > 1'000'000 || row + 1 == rows) {
            FRESHET_TRY((*decoder)->feed(text));
            text.clear();
        }
    }
    FRESHET_TRY((*decoder)->finish());
    FRESHET_TRY((*writer)->finish({.state = "Complete", .verdict = "verified"}));
    return (*writer)->dataset()->snapshot();
}

struct Case
{
    const char *name;
    const char *file;
    const char *copyOptions; ///< of DuckDB, for the same file
};

constexpr Case kCases[] = {
    {"csv", "x.csv", "format csv, header"},
    {"csv.gz", "x.csv.gz", "format csv, header, compression gzip"},
    {"csv.zst", "x.csv.zst", "format csv, header, compression zstd"},
    {"ndjson", "x.ndjson", "format json"},
    {"parquet zstd", "x.parquet", "format parquet, compression zstd"},
};

} // namespace

int main(int argc, char **argv)
{
    const std::int64_t rows = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 1'000'000;
    const QTemporaryDir temporary;
    const std::filesystem::path folder =
        argc > 2 ? argv[2] : temporary.path().toStdString().c_str();
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 3;

    const auto library = store::Library::open(folder / "library");
    if (!library) {
        std::printf("%s\n", library.error().toString().c_str());
        return 1;
    }
    const auto snapshot = makeDataset(**library, rows);
    if (!snapshot) {
        std::printf("%s\n", snapshot.error().toString().c_str());
        return 1;
    }
    const auto save = [&](const char *file) -> Result<double> {
        auto options = exporters::optionsForFile(file);
        if (!options)
            return fail(std::move(options).error());
        const auto start = Clock::now();
        const auto report = exporters::exportDataset(*snapshot, folder / file, *options, {});
        if (!report)
            return fail(report.error());
        return secondsSince(start);
    };

    // Our memory first: the peak of a process never falls again.
    for (const Case &one : kCases) {
        if (const auto done = save(one.file); !done) {
            std::printf("%s: %s\n", one.name, done.error().toString().c_str());
            return 1;
        }
        std::printf("%-14s peak memory so far %.0f MB\n", one.name, peakMegabytes());
    }

    bench::DuckdbSession duckdb;
    const std::string source = (folder / "x.parquet").string();
    if (!duckdb.run("set threads = 2") ||
        !duckdb.run("create table data as from read_parquet('" + source + "')"))
        return 1;
    std::printf("%lld rows, best of %d rounds\n", static_cast<long long>(rows), rounds);
    std::printf("%-14s %10s %10s %8s\n", "", "ours s", "duckdb s", "ratio");
    for (const Case &one : kCases) {
        double ours = 1e9;
        double theirs = 1e9;
        for (int round = 0; round < rounds; ++round) {
            const auto saved = save(one.file);
            if (!saved)
                return 1;
            ours = std::min(ours, *saved);
            const auto start = Clock::now();
            if (!duckdb.run("copy data to '" + (folder / "peer").string() + "' (" +
                            one.copyOptions + ")"))
                return 1;
            theirs = std::min(theirs, secondsSince(start));
        }
        std::printf("%-14s %10.2f %10.2f %8.2f\n", one.name, ours, theirs, theirs / ours);
    }
    return 0;
}
