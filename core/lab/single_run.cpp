// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/single_run.h"

#include "lab/memory_meter.h"
#include "lab/run_transport.h"
#include "transfer/recorded_download.h"

#include <algorithm>
#include <mutex>

namespace freshet::lab {

namespace {

using transfer::Transfer;

constexpr std::chrono::hours kForAsLongAsItTakes{24 * 365};

/// Whether the next run would meet the same error, whatever its variant.
bool isOfThisMachine(const Error &error)
{
    switch (error.code) {
    case ErrorCode::DiskFull:
    case ErrorCode::IoError:
    case ErrorCode::PermissionDenied:
    case ErrorCode::LibraryBusy:
    case ErrorCode::LibraryDamaged:
        return true;
    default:
        return false;
    }
}

/// When a share of the rows had come; of the curve's points the first that has them.
std::optional<std::chrono::microseconds> reached(const std::vector<transfer::ArrivalPoint> &rows,
                                                 std::int64_t total)
{
    const auto point = std::ranges::find_if(
        rows, [total](const auto &candidate) { return candidate.total >= total; });
    return point == rows.end() || total < 1 ? std::nullopt : std::optional(point->at);
}

void readTrace(const transfer::ArrivalTrace &trace, RunRecord &record)
{
    record.arrivals = trace.figures();
    const auto &rows = record.arrivals.rows;
    const std::int64_t total = rows.empty() ? 0 : rows.back().total;
    record.marks = {.first = record.arrivals.firstRow,
                    .row1k = record.arrivals.row1k,
                    .row10k = record.arrivals.row10k,
                    .quarter = reached(rows, (total + 3) / 4),
                    .half = reached(rows, (total + 1) / 2),
                    .threeQuarters = reached(rows, (3 * total + 3) / 4),
                    .last = reached(rows, total)};
    record.longestGap = record.arrivals.longestRowGap;
    record.rowsBeforeLongestGap = record.arrivals.rowsBeforeLongestGap;
    record.cpu = trace.cpu();
    record.waitedForServer = trace.waits().forServer;
    record.waitedForUs = trace.waits().forUs;
}

/// The first answer's head, from whichever thread sees it.
class FirstHead
{
public:
    void see(const transport::ResponseHead &head)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_head)
            m_head = head;
    }
    [[nodiscard]] std::vector<transport::Header> headers() const
    {
        const std::lock_guard lock(m_mutex);
        return m_head ? m_head->headers : std::vector<transport::Header>();
    }

private:
    mutable std::mutex m_mutex;
    std::optional<transport::ResponseHead> m_head;
};

void readProgress(const transfer::Progress &progress, RunRecord &record)
{
    const auto &timeline = progress.timeline;
    record.phases = timeline.transport;
    record.total = timeline.finished.value_or(progress.elapsed);
    if (progress.verdict) {
        record.verdict = progress.verdict->kind;
        record.evidence = progress.verdict->evidence;
    }
    if (progress.error)
        record.error = progress.error->toString();
    record.isCancelled = progress.state == transfer::TransferState::Cancelled;
    record.httpStatus = progress.httpStatus;
    record.httpVersion = progress.httpVersion;
    record.format = decode::formatName(progress.format);
    record.contentCodings = progress.contentCodings;
    record.requests = progress.requests;
    record.retries = progress.retries;
    record.rows = progress.rows;
    record.rejected = progress.rejected;
    record.wireBytes = progress.wireBytes;
    record.decodedBytes = progress.decodedBytes;
}

ByteCount memoryNow()
{
    const auto memory = readMemory();
    return memory ? memory->now : ByteCount();
}

} // namespace

Result<RunRecord> makeRun(const Variant &variant, const RunEnvironment &environment,
                          const CancelToken &cancel)
{
    RunRecord record;
    record.began = std::chrono::system_clock::now();
    transfer::DownloadRequest request = variant.request;
    const auto trace = std::make_shared<transfer::ArrivalTrace>();
    FirstHead head;
    Transfer::Options options = environment.transfer;
    options.trace = trace;
    options.keepsRows = environment.rows == RowsGo::IntoStore;
    Onlooker onlooker{.wire = trace.get(), .onHead = [&head](const transport::ResponseHead &seen) {
                          head.see(seen);
                      }};
    auto make = environment.transfer.makeTransport;
    if (!variant.recording.empty()) {
        auto recorded = transfer::RecordedDownload::load(variant.recording);
        if (!recorded) {
            record.error = recorded.error().toString();
            return record;
        }
        request = std::move(recorded->request);
        make = recorded->transports({.speed = variant.speed}, trace.get());
        onlooker.wire = nullptr; // the replay tells it
    }
    // What failed once and was asked for again is no measurement of anything.
    request.retry.maxRetries = 0;
    // Cold runs make their own connections, and keep them from page to page as downloads do.
    options.makeTransport = watchedTransports(
        std::move(onlooker),
        environment.sessions ? environment.sessions : std::make_shared<transport::SessionPool>(),
        std::move(make));
    record.memoryBefore = memoryNow();
    beginPeak();
    auto begun = Transfer::start(environment.library, std::move(request), std::move(options));
    if (!begun) {
        if (isOfThisMachine(begun.error()))
            return fail(std::move(begun).error());
        record.error = begun.error().toString();
        return record;
    }
    std::shared_ptr<Transfer> transfer = std::move(*begun);
    environment.onRun(transfer, trace);
    const std::string id = transfer->dataset()->id();
    {
        const auto wish = cancel.onCancel([&transfer] { transfer->cancel(); });
        (void)transfer->waitFor(kForAsLongAsItTakes);
    }
    const transfer::Progress progress = transfer->progress();
    if (const auto memory = readMemory())
        record.peakMemory = memory->peak;
    readProgress(progress, record);
    readTrace(*trace, record);
    record.health = judgeStream({.arrivals = record.arrivals,
                                 .phases = record.phases,
                                 .contentCodings = record.contentCodings,
                                 .headers = head.headers(),
                                 .requests = record.requests,
                                 .waitedForUs = record.waitedForUs});
    environment.onRun(nullptr, nullptr);
    transfer.reset(); // its threads use what is local here
    if (progress.error && isOfThisMachine(*progress.error))
        return fail(*progress.error);
    FRESHET_TRY(environment.library->remove(id));
    return record;
}

} // namespace freshet::lab
