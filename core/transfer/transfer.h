// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "transfer/download_request.h"
#include "transfer/transfer_state.h"
#include "transfer/verdict.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace freshet::transfer {

/// Marks on the way of one download, since `start()`.
struct Timeline
{
    transport::TransportTiming transport;
    std::optional<std::chrono::microseconds> firstRow; ///< decoded and visible
    std::optional<std::chrono::microseconds> finished;
};

/// One moment of a transfer: a copy, safe to keep.
struct Progress
{
    TransferState state = TransferState::Queued;
    RowCount rows;
    RowCount rejected;
    /// A total somebody declared, and who ("X-Total-Count", "Content-Length" for bytes).
    std::optional<RowCount> totalRows;
    std::string totalRowsFrom;
    std::optional<ByteCount> totalWireBytes;
    ByteCount wireBytes;
    ByteCount decodedBytes;
    std::chrono::microseconds elapsed{0};
    Timeline timeline;
    int retries = 0;
    decode::Format format = decode::Format::Auto;
    std::string formatReason;
    std::vector<std::string> contentCodings;
    std::string httpVersion;
    int httpStatus = 0;
    /// Set once the state is final.
    std::optional<Verdict> verdict;
    std::optional<Error> error;
};

/// One download from request to verdict. It owns its threads (network, decode, write), the bounded
/// queues between them and the timeline.
///
/// The rows are in `dataset()` from the start. Progress is polled, typically once a frame; nothing
/// is called back on the hot path. Threads: thread-safe. Lifetime: the destructor cancels and
/// waits.
class Transfer
{
public:
    struct Options
    {
        ByteCount networkQueue = 8_MiB;
        ByteCount batchQueue = 32_MiB;
        /// A decoded row is visible after so long at the latest, while bytes keep coming.
        std::chrono::milliseconds visibleWithin{30};
        /// Test hook: called before each batch is written.
        std::function<void()> beforeWrite;
        /// Test hook: where the bytes come from in place of `transport::makeTransport`.
        std::function<Result<std::unique_ptr<transport::Transport>>(transport::ByteRequest)>
            makeTransport;
    };

    /// Create the dataset in `library` and the threads. Errors: those of `validate` and `create`.
    /// Does not wait for the network.
    [[nodiscard]] static Result<std::unique_ptr<Transfer>>
    start(std::shared_ptr<store::Library> library, DownloadRequest request, Options options);
    ~Transfer();

    [[nodiscard]] std::shared_ptr<store::Dataset> dataset() const;
    [[nodiscard]] const std::string &datasetName() const;
    [[nodiscard]] const DownloadRequest &request() const;
    [[nodiscard]] Progress progress() const;
    /// Stop within 200 ms; rows so far are kept and committed.
    void cancel();
    /// Wait for the final state. Output: false on time-out.
    [[nodiscard]] bool waitFor(std::chrono::milliseconds patience) const;
    [[nodiscard]] bool isFinished() const;

private:
    struct Impl;
    explicit Transfer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::transfer
