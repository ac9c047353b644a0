// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same table from the demo server as NDJSON and in pages, into durable datasets, in one run.
// Usage: bench_pages [ROWS] [ROWS A PAGE]
#include "demo/demo_server.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace freshet;
using namespace freshet::transfer;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes kPatience{30};

/// Output: rows per second; 0 if it did not get all of them, proven.
double rateOf(const std::shared_ptr<store::Library> &library, DownloadRequest request,
              std::int64_t rows)
{
    const auto start = Clock::now();
    const auto transfer = Transfer::start(library, std::move(request), {});
    if (!transfer || !(*transfer)->waitFor(kPatience))
        return 0;
    const std::chrono::duration<double> seconds = Clock::now() - start;
    const Progress progress = (*transfer)->progress();
    const bool isWhole = progress.verdict && progress.verdict->kind == VerdictKind::Verified &&
                         progress.rows.value() == rows;
    return isWhole ? static_cast<double>(rows) / seconds.count() : 0;
}

int run(std::int64_t rows, std::int64_t size)
{
    const QTemporaryDir folder;
    const auto library = store::Library::open(folder.path().toStdString());
    const auto server = demo::DemoServer::start();
    if (!library || !server)
        return EXIT_FAILURE;
    const std::string table = "rows=" + std::to_string(rows);
    const std::string base = (*server)->origin() + "/api/users";
    const std::string paged = base + '?' + table + "&limit=" + std::to_string(size);
    struct Way
    {
        const char *name;
        std::string url;
        std::optional<PageRule> pages;
    };
    const Way ways[] = {
        {"NDJSON", base + "/stream?" + table, {}},
        {"offset, 1 at a time", paged + "&offset=0",
         PageRule{.style = PageStyle::Offset, .size = size, .inFlight = 1}},
        {"offset, 4 at a time", paged + "&offset=0",
         PageRule{.style = PageStyle::Offset, .size = size}},
        {"page number, 4 at a time", paged + "&page=1", PageRule{.style = PageStyle::Number}},
        {"cursor", paged + "&cursor=", PageRule{.style = PageStyle::Cursor, .size = size}},
        {"Link header", paged + "&page=1&link=yes", PageRule{.style = PageStyle::Link}},
    };
    double first = 0;
    for (const auto &way : ways) {
        DownloadRequest request;
        request.bytes.url = way.url;
        request.pages = way.pages;
        const double rate = rateOf(*library, std::move(request), rows);
        first = first == 0 ? rate : first;
        std::printf("%-26s %10.0f rows/s  %.2f of NDJSON\n", way.name, rate,
                    first == 0 ? 0 : rate / first);
        std::fflush(stdout);
    }
    return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char **argv)
{
    const std::int64_t rows = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    const std::int64_t size = argc > 2 ? std::atoll(argv[2]) : 5'000;
    return run(rows, size);
}
