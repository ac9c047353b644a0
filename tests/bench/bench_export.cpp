// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Exports of a dataset against DuckDB's COPY of a table of its own with the same rows: seconds, and
// DuckDB's seconds divided by ours, in one run. Rounds alternate, the best of each counts.
// Usage: bench_export [ROWS] [FOLDER] [ROUNDS]
#include "duckdb_session.h"
#include "exporters/exporter.h"
#include "query/parquet_writer.h"
#include "users_dataset.h"

#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>

namespace {

using namespace freshet;
using bench::Clock;
using bench::secondsSince;

double peakMegabytes()
{
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1e3;
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
    const auto snapshot = bench::makeUsersDataset(**library, rows);
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
