// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "transfer/arrival_trace.h"
#include "transfer/download_request.h"
#include "transfer/file_under_way.h"
#include "transfer/leg.h"
#include "transfer/page_finder.h"
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
    RowCount rows; ///< that came; once the state is final, those that are kept
    RowCount rejected;
    /// A total somebody declared, and who ("X-Total-Count", "Content-Length" for bytes).
    std::optional<RowCount> totalRows;
    std::string totalRowsFrom;
    /// The part that is done by the stream's own word, where it does not count in rows.
    std::optional<double> statedPart;
    std::optional<ByteCount> totalWireBytes;
    ByteCount wireBytes;
    ByteCount decodedBytes;
    std::chrono::microseconds elapsed{0};
    Timeline timeline;
    /// Requests whose answers came into the table, and what the last of them was for ("page 3").
    int requests = 0;
    std::string requestLabel;
    /// While something is done that brings no rows yet: "export job: running, 40 %".
    std::string errand;
    std::optional<double> errandDone;       ///< of 1, where somebody says how far it is
    std::optional<FileUnderWay> errandFile; ///< that it is fetching
    /// What was found out about the source and is acted upon: "looks like pages by cursor: …".
    std::string notice;
    /// How the server seems to hand out what this one answer does not hold; set at the end of a
    /// download that did not ask for pages.
    std::optional<FoundPages> foundPages;
    int retries = 0;
    /// What failed before the last retry, and while WaitingToRetry how long the wait still is.
    std::optional<Error> retryCause;
    std::chrono::milliseconds retryIn{0};
    /// How the body went on after each interruption.
    std::vector<std::string> continuations;
    /// Bytes that were received a second time and passed over.
    ByteCount bytesReadAgain;
    decode::Format format = decode::Format::Auto;
    std::string formatReason;
    std::vector<std::string> contentCodings;
    std::string httpVersion;
    int httpStatus = 0;
    /// Set once the state is final.
    std::optional<Verdict> verdict;
    std::optional<Error> error;
};

/// What the library does not keep of a request, given again for a resume.
struct RequestSecrets
{
    std::string url; ///< empty: the kept one
    std::vector<transport::Header> headers;
    std::vector<UrlLogin> logins; ///< for files elsewhere than the first
    /// Keys and passwords for s3:// and sftp:// URLs; unset: none.
    std::optional<transport::S3Access> s3;
    std::optional<transport::SshAccess> ssh;
    std::string databasePassword; ///< for a postgresql:// URL that holds none

    [[nodiscard]] bool isEmpty() const
    {
        return url.empty() && headers.empty() && logins.empty() && !s3 && !ssh &&
               databasePassword.empty();
    }
};

struct SyncChange;

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
        ByteCount batchQueue = 16_MiB;
        /// A decoded row is visible after so long at the latest, while bytes keep coming.
        std::chrono::milliseconds visibleWithin{30};
        /// Of a run that goes on: so many bad rows may come, in place of what the request says.
        std::optional<std::int64_t> maxBadRows;
        /// For measuring: told when bytes and rows arrive. Bytes only if `makeTransport` makes
        /// transports that tell it. Null: nothing is recorded, at no cost.
        std::shared_ptr<ArrivalTrace> trace;
        /// For measuring. False: rows are decoded, counted and dropped; the dataset stays empty.
        bool keepsRows = true;
        /// Test hook: called before each batch is written.
        std::function<void()> beforeWrite;
        /// Where the bytes come from in place of `transport::makeTransport`: for measuring,
        /// recording and tests.
        std::function<Result<std::unique_ptr<transport::Transport>>(transport::ByteRequest)>
            makeTransport;
        /// Test hook: who plans in place of `makeLegPlanner`.
        std::function<Result<std::unique_ptr<LegPlanner>>(const DownloadRequest &)> makePlanner;
    };

    /// Create the dataset in `library` and the threads. Errors: those of `validate` and `create`.
    /// Does not wait for the network.
    [[nodiscard]] static Result<std::unique_ptr<Transfer>>
    start(std::shared_ptr<store::Library> library, DownloadRequest request, Options options);
    /// Go on with a dataset that is not complete, behind its last committed row: see
    /// `ResumePoint::plan`. No row is lost and none comes twice; a source that has changed ends in
    /// SourceChanged and leaves the rows as they are.
    /// Errors: DatasetNotFound, LibraryBusy; InvalidArgument if the dataset is complete, or if its
    /// request held secrets and `secrets` does not give them again.
    [[nodiscard]] static Result<std::unique_ptr<Transfer>>
    resume(std::shared_ptr<store::Library> library, const std::string &idOrName,
           const RequestSecrets &secrets, Options options);
    /// Fetch into a dataset at rest what is new at its source since its watermark. Rows whose key
    /// is known are dropped or take the older ones' place, as the since rule says; that happens at
    /// the end, with the verdict. A dataset that is not complete is gone on with in the same way.
    /// Errors: DatasetNotFound, LibraryBusy; InvalidArgument if nothing says how to ask for what is
    /// new (see `checkSource`), if a column that the rule names is not there, or if secrets are
    /// missing.
    [[nodiscard]] static Result<std::unique_ptr<Transfer>>
    sync(std::shared_ptr<store::Library> library, const std::string &idOrName,
         const SyncChange &change, const RequestSecrets &secrets, Options options);
    ~Transfer();

    [[nodiscard]] std::shared_ptr<store::Dataset> dataset() const;
    [[nodiscard]] const std::string &datasetName() const;
    [[nodiscard]] const DownloadRequest &request() const;
    [[nodiscard]] Progress progress() const;
    /// Stop within 200 ms; rows so far are kept and committed.
    void cancel();
    /// Stop reading, which slows the server down; what was read is still decoded and stored.
    void pause();
    /// Read on after `pause()`: on the same connection or, if that has gone meanwhile, as after any
    /// interruption.
    void unpause();
    /// End the wait before the next try.
    void retryNow();
    /// Wait for the final state. Output: false on time-out.
    [[nodiscard]] bool waitFor(std::chrono::milliseconds patience) const;
    [[nodiscard]] bool isFinished() const;

private:
    struct Impl;
    explicit Transfer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::transfer
