// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/single_run.h"

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

void readProgress(const transfer::Progress &progress, RunRecord &record)
{
    const auto &timeline = progress.timeline;
    record.phases = timeline.transport;
    record.marks.first = timeline.firstRow;
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

} // namespace

Result<RunRecord> makeRun(const Variant &variant, const RunEnvironment &environment,
                          const CancelToken &cancel)
{
    RunRecord record;
    record.began = std::chrono::system_clock::now();
    transfer::DownloadRequest request = variant.request;
    // What failed once and was asked for again is no measurement of anything.
    request.retry.maxRetries = 0;
    auto begun = Transfer::start(environment.library, std::move(request), environment.transfer);
    if (!begun) {
        if (isOfThisMachine(begun.error()))
            return fail(std::move(begun).error());
        record.error = begun.error().toString();
        return record;
    }
    const std::shared_ptr<Transfer> transfer = std::move(*begun);
    environment.onTransfer(transfer);
    const std::string id = transfer->dataset()->id();
    {
        const auto wish = cancel.onCancel([&transfer] { transfer->cancel(); });
        (void)transfer->waitFor(kForAsLongAsItTakes);
    }
    const transfer::Progress progress = transfer->progress();
    environment.onTransfer(nullptr);
    readProgress(progress, record);
    if (progress.error && isOfThisMachine(*progress.error))
        return fail(*progress.error);
    FRESHET_TRY(environment.library->remove(id));
    return record;
}

} // namespace freshet::lab
