// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening a file on this machine as a durable dataset against DuckDB's CREATE TABLE AS SELECT of
// the same file into a database file, with a checkpoint behind it: seconds, and DuckDB's seconds
// divided by ours, in one run. Rounds alternate, the best of each counts; DuckDB has two threads.
// Usage: bench_open [ROWS] [ROUNDS]
#include "duckdb_session.h"
#include "exporters/exporter.h"
#include "transfer/transfer.h"
#include "users_dataset.h"

#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace freshet;
using bench::Clock;
using bench::secondsSince;

struct Case
{
    const char *name;
    const char *file;
    const char *source; ///< DuckDB's table function; null: it reads none of these
};

constexpr Case kCases[] = {
    {"parquet", "users.parquet", "read_parquet"},   {"csv", "users.csv", "read_csv"},
    {"csv.gz", "users.csv.gz", "read_csv"},         {"csv.zst", "users.csv.zst", "read_csv"},
    {"ndjson", "users.ndjson", "read_ndjson_auto"}, {"arrow", "users.arrow", nullptr},
};

Status save(const store::DatasetSnapshot &snapshot, const std::filesystem::path &file)
{
    auto options = exporters::optionsForFile(file);
    if (!options)
        return fail(std::move(options).error());
    const auto report = exporters::exportDataset(snapshot, file, *options, {});
    return report ? Status() : fail(report.error());
}

/// Seconds from the request to the verdict, with all rows durable.
Result<double> open(const std::shared_ptr<store::Library> &library,
                    const std::filesystem::path &file, std::int64_t rows)
{
    transfer::DownloadRequest request;
    request.bytes.url = file.string();
    request.name = "opened";
    const auto start = Clock::now();
    auto transfer = transfer::Transfer::start(library, std::move(request), {});
    if (!transfer)
        return fail(std::move(transfer).error());
    (void)(*transfer)->waitFor(std::chrono::hours(1));
    const double seconds = secondsSince(start);
    const transfer::Progress progress = (*transfer)->progress();
    transfer->reset();
    FRESHET_TRY(library->remove("opened"));
    if (progress.error)
        return fail(*progress.error);
    if (progress.rows != RowCount(rows))
        return fail(ErrorCode::Internal, "not all rows are here");
    return seconds;
}

Result<double> openInDuckdb(const Case &one, const std::filesystem::path &folder)
{
    const std::filesystem::path database = folder / "peer.duckdb";
    const std::string source = std::string(one.source) + "('" + (folder / one.file).string() + "')";
    bench::DuckdbSession duckdb;
    if (!duckdb.run("set threads = 2") || !duckdb.run("attach '" + database.string() + "' as peer"))
        return fail(ErrorCode::SqlError, "no database");
    const auto start = Clock::now();
    if (!duckdb.run("create table peer.data as select * from " + source) ||
        !duckdb.run("checkpoint peer"))
        return fail(ErrorCode::SqlError, "no table");
    const double seconds = secondsSince(start);
    (void)duckdb.run("detach peer");
    std::filesystem::remove(database);
    return seconds;
}

Status measure(const Case &one, const std::shared_ptr<store::Library> &library,
               const std::filesystem::path &folder, std::int64_t rows, int rounds)
{
    double ours = 1e9;
    double theirs = 1e9;
    for (int round = 0; round < rounds; ++round) {
        const auto opened = open(library, folder / one.file, rows);
        if (!opened)
            return fail(opened.error());
        ours = std::min(ours, *opened);
        if (one.source == nullptr)
            continue;
        const auto created = openInDuckdb(one, folder);
        if (!created)
            return fail(created.error());
        theirs = std::min(theirs, *created);
    }
    const double megabytes =
        static_cast<double>(std::filesystem::file_size(folder / one.file)) / 1e6;
    std::printf("%-10s %10.1f %10.2f %10.1f", one.name, megabytes, ours, megabytes / ours);
    if (one.source != nullptr)
        std::printf(" %10.2f %8.2f", theirs, theirs / ours);
    std::printf("\n");
    return {};
}

} // namespace

int main(int argc, char **argv)
{
    const std::int64_t rows = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 1'000'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    const QTemporaryDir temporary;
    const std::filesystem::path folder = temporary.path().toStdString();
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
    std::printf("%lld rows, best of %d rounds\n", static_cast<long long>(rows), rounds);
    std::printf("%-10s %10s %10s %10s %10s %8s\n", "", "MB", "ours s", "ours MB/s", "duckdb s",
                "ratio");
    for (const Case &one : kCases) {
        Status done = save(*snapshot, folder / one.file);
        if (done)
            done = measure(one, *library, folder, rows, rounds);
        if (!done) {
            std::printf("%s: %s\n", one.name, done.error().toString().c_str());
            return 1;
        }
    }
    return 0;
}
