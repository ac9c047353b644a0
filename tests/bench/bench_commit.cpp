// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What durability costs a download: the same NDJSON file → dataset with its syncs and without them,
// in turns. Without means that fdatasync and fsync of this process, SQLite's included, do nothing;
// the commits are made all the same.
// Usage: bench_commit [MEBIBYTES] [ROUNDS] [FOLDER]
#include "demo/users_table.h"
#include "transfer/transfer.h"

#include <QCoreApplication>
#include <QDir>
#include <QTemporaryDir>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace {

std::atomic<bool> durable = true;
std::atomic<int> syncs = 0;
std::atomic<std::int64_t> syncNanoseconds = 0;

int sync(long call, int descriptor)
{
    ++syncs;
    if (!durable)
        return 0;
    const auto start = std::chrono::steady_clock::now();
    const auto result = static_cast<int>(::syscall(call, descriptor));
    syncNanoseconds += (std::chrono::steady_clock::now() - start).count();
    return result;
}

} // namespace

// In place of the C library's, also for the libraries that this program loads.
extern "C" int fdatasync(int descriptor)
{
    return sync(SYS_fdatasync, descriptor);
}
extern "C" int fsync(int descriptor)
{
    return sync(SYS_fsync, descriptor);
}

namespace {

using namespace freshet;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

bool writeUsers(const std::string &path, std::size_t bytes)
{
    const demo::UsersTable table(1);
    std::ofstream file(path, std::ios::binary);
    std::string text;
    std::size_t written = 0;
    for (std::int64_t row = 0; written < bytes; ++row) {
        table.appendJson(text, row);
        text += '\n';
        if (text.size() > (1U << 20)) {
            file << text;
            written += text.size();
            text.clear();
        }
    }
    file << text;
    file.close();
    return !file.fail();
}

/// Seconds of one download, by the clock and of processors.
struct Cost
{
    double wall = 0;
    double cpu = 0;
};

double cpuSeconds()
{
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Nothing if it fails.
std::optional<Cost> download(const std::shared_ptr<store::Library> &library,
                             const std::string &file)
{
    const auto start = Clock::now();
    const double cpuBefore = cpuSeconds();
    auto transfer = transfer::Transfer::start(library, {.bytes = {.url = file}}, {});
    if (!transfer || !(*transfer)->waitFor(600s) || (*transfer)->progress().error)
        return std::nullopt;
    const std::chrono::duration<double> took = Clock::now() - start;
    const double cpu = cpuSeconds() - cpuBefore;
    const std::string id = (*transfer)->dataset()->id();
    transfer->reset(); // lets go of the dataset
    if (!library->remove(id))
        return std::nullopt;
    return Cost{took.count(), cpu};
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const std::size_t mebibytes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 512;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;
    const QTemporaryDir temporary(argc > 3 ? QString::fromLocal8Bit(argv[3]) +
                                                 QStringLiteral("/bench-XXXXXX")
                                           : QDir::tempPath() + QStringLiteral("/bench-XXXXXX"));
    const std::string folder = temporary.path().toStdString();
    const std::string file = folder + "/users.ndjson";
    const auto library = store::Library::open(folder + "/library");
    if (!temporary.isValid() || !library || !writeUsers(file, mebibytes << 20)) {
        std::fprintf(stderr, "cannot prepare %s\n", folder.c_str());
        return 1;
    }
    static_cast<void>(download(*library, file)); // warms the caches up
    std::vector<double> with;
    std::vector<double> without;
    // Of neighbours in time, which a busy machine disturbs alike.
    std::vector<double> wallRatios;
    std::vector<double> cpuRatios;
    std::vector<double> syncSeconds;
    int syncsOfOne = 0;
    for (int round = 0; round < rounds; ++round) {
        // Neither always comes first.
        Cost costs[2];
        for (const bool isDurable : {round % 2 == 0, round % 2 != 0}) {
            durable = isDurable;
            syncs = 0;
            syncNanoseconds = 0;
            const auto cost = download(*library, file);
            if (!cost) {
                std::fprintf(stderr, "a download failed\n");
                return 1;
            }
            costs[isDurable ? 1 : 0] = *cost;
            if (isDurable)
                syncSeconds.push_back(static_cast<double>(syncNanoseconds) / 1e9);
            syncsOfOne = syncs;
        }
        without.push_back(costs[0].wall);
        with.push_back(costs[1].wall);
        wallRatios.push_back(costs[1].wall / costs[0].wall);
        cpuRatios.push_back(costs[1].cpu / costs[0].cpu);
        std::printf("round %d: %.2f s durable, %.2f s not; of processors %.2f and %.2f\n",
                    round + 1, costs[1].wall, costs[0].wall, costs[1].cpu, costs[0].cpu);
    }
    const double megabytes = static_cast<double>(mebibytes << 20) / 1e6;
    std::printf("durable      %7.0f MB/s (median of %d)\nnot durable  %7.0f MB/s\n"
                "cost         %7.1f %% (goal: at most 5), median of pairs; of processors %.1f %%; "
                "%d syncs a download, waited for %.3f s in all\n",
                megabytes / median(with), rounds, megabytes / median(without),
                (median(wallRatios) - 1) * 100, (median(cpuRatios) - 1) * 100, syncsOfOne,
                median(syncSeconds));
    return 0;
}
