// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Records a slow stream while it is measured, replays it at its own pace, and prints how far the
// marks of the replays lie from those of the recording. Goal: ±2 ms.
#include "lab/lab_sources.h"
#include "lab/metric.h"
#include "transfer/recorded_download.h"

#include <algorithm>
#include <cstdio>

using namespace freshet;
using namespace freshet::lab;
using namespace freshet::test;
using namespace std::chrono_literals;

namespace {

constexpr int kRows = 4000;
constexpr int kReplays = 10;

Script stream()
{
    Script script = Script().pause(80ms).send(ndjsonHead());
    for (int i = 0; i < kRows; i += 40)
        script = std::move(script).send(chunk(rowsText(i, 40))).pause(10ms);
    return std::move(script).send(std::string(kLastChunk));
}

constexpr Metric kMarks[] = {Metric::FirstByte, Metric::FirstRow, Metric::Row1k,
                             Metric::Quarter,   Metric::Half,     Metric::ThreeQuarters,
                             Metric::LastRow};

} // namespace

int main()
{
    RawServer server([](const std::string &, std::size_t) { return stream(); });
    const QTemporaryDir folder;
    const std::filesystem::path file =
        folder.filePath(QStringLiteral("one.freshet-recording")).toStdString();
    RunBench bench;

    Variant live{.name = "live"};
    live.request.bytes.url = server.url("/rows");
    auto writer = transfer::beginRecording(file, live.request);
    if (!writer)
        qFatal("%s", writer.error().toString().c_str());
    bench.environment().transfer.makeTransport = transfer::recordingTransports(*writer);
    const RunRecord recorded = bench.run(live);
    if (const auto closed = (*writer)->close(); !closed)
        qFatal("%s", closed.error().toString().c_str());
    bench.environment().transfer.makeTransport = {};

    Variant replay{.name = "replay"};
    replay.recording = file;
    std::vector<RunRecord> replays;
    for (int i = 0; i < kReplays; ++i)
        replays.push_back(bench.run(replay));

    std::printf("%-12s %12s %20s\n", "mark", "recorded ms", "replays off by ms");
    for (const Metric mark : kMarks) {
        const double was = valueOf(recorded, mark).value_or(0);
        std::vector<double> off;
        for (const RunRecord &run : replays)
            off.push_back((valueOf(run, mark).value_or(0) - was) * 1000);
        std::ranges::sort(off);
        std::printf("%-12s %12.2f %8.2f … %.2f, median %.2f\n", metricInfo(mark).title.data(),
                    was * 1000, off.front(), off.back(), off[off.size() / 2]);
    }
    const auto isSame = [&](const RunRecord &run) {
        return run.rows == recorded.rows;
    };
    std::printf("rows: %lld recorded, %s in the replays\n",
                static_cast<long long>(recorded.rows.value()),
                std::ranges::all_of(replays, isSame) ? "as many" : "NOT as many");
    return 0;
}
