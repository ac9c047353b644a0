// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/block_queue.h"
#include "transfer/file_column.h"
#include "transfer/first_bytes.h"
#include "transfer/leg_source.h"
#include "transfer/live_progress.h"
#include "transfer/pause_gate.h"
#include "transfer/reject_ledger.h"
#include "transfer/restart_watch.h"
#include "transfer/row_delivery.h"
#include "transfer/stop_switch.h"
#include "transfer/stream_ledger.h"
#include "transfer/write_item.h"

#include <deque>
#include <functional>
#include <memory>

namespace freshet::transfer {

/// What a transfer goes on with.
struct EarlierRows
{
    ResumePoint point;
    RowCount rows; ///< in the dataset, at least those before the point
    columnar::SchemaPtr schema;
    /// Hashes of the rows that a planner's first leg may bring again.
    std::vector<std::uint64_t> repeatable;
    /// Of the first rows of the dataset, at most RestartWatch::kRows.
    std::vector<std::uint64_t> first;
    /// Of all rows; null without a planner. Errors: LimitReached if they are too many; of reading.
    std::function<Result<std::vector<std::uint64_t>>()> every;
    std::int64_t rejected = 0;
    /// Bad rows behind those that an earlier run has met and that will be met again: they are
    /// known.
    std::int64_t rejectsAgain = 0;
    /// Hashes of the last bad rows, for the same.
    std::vector<std::uint64_t> repeatableRejects;
};

/// The second thread of a transfer: finds out the format, turns bytes into batches, hands them to
/// the writer, and asks the planner, if there is one, which legs come next.
///
/// A decoded row is passed on `visibleWithin` after the last ones at the latest, the first rows at
/// once: a slow stream shows each row, a fast one makes large batches.
class DecodeStage final : public decode::BatchSink, public decode::RejectSink
{
public:
    struct Parts
    {
        const DownloadRequest &request;
        const Transfer::Options &options;
        BlockQueue &bytes;
        WriteQueue &batches;
        LiveProgress &progress;
        StopSwitch &stop;
        LegQueue &legs;
        PauseGate &gate;
        std::filesystem::path workFolder;
        const std::optional<EarlierRows> &earlier;
        /// Null: one answer is all. The first leg has been sent.
        std::unique_ptr<LegPlanner> planner;
        Leg first;
    };

    explicit DecodeStage(Parts parts);

    /// Runs until the bytes have ended or an error or the limit stops it; its last item in the
    /// queue is the DecodeOutcome.
    void run();

    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset resumeAt) override;
    [[nodiscard]] bool reject(decode::RejectedRow row) override;

private:
    using Clock = std::chrono::steady_clock;

    /// What came of the leg under way so far.
    struct LegTally
    {
        RowCount rows;
        RowCount rowsBefore; ///< in the dataset when it began
        RowCount rejected;
        ByteCount bytes;
        std::optional<Error> error;
    };

    [[nodiscard]] Status goOnFrom(const EarlierRows &earlier);
    [[nodiscard]] Status enterMidway(const ResumePoint &point);
    [[nodiscard]] Status decodeAll();
    [[nodiscard]] Status takeBlock(std::string_view bytes);
    [[nodiscard]] Status contain(Status status);
    [[nodiscard]] Status endLeg(const LegEnd &end);
    [[nodiscard]] Status endIfOver();
    void sealAtTheLimit();
    [[nodiscard]] Status decodeFile(const std::filesystem::path &file);
    [[nodiscard]] Status planNext(const LegEnd &end);
    [[nodiscard]] Status deliverPlanned(columnar::RecordBatch batch);
    [[nodiscard]] Status dropEveryHeldRow();
    [[nodiscard]] Status deliverWatched(const RestartWatch::Decision &decision);
    [[nodiscard]] DecodedBatch pointNow() const;
    void beginLeg();
    void findPlanner(decode::Format format);
    [[nodiscard]] std::vector<std::uint64_t> borderHashes() const;
    [[nodiscard]] Status consume(std::string_view bytes);
    [[nodiscard]] Status checkContent(decode::Format format, std::string_view firstBytes) const;
    [[nodiscard]] Status chooseDecoder();
    [[nodiscard]] Status makeDecoder(decode::DecodeOptions options, const std::string &reason);
    [[nodiscard]] Result<std::unique_ptr<decode::RowDecoder>>
    makeTableDecoder(const decode::DecodeOptions &options);
    [[nodiscard]] Status feed(std::string_view bytes);
    [[nodiscard]] Status feedPiece(std::string_view piece);
    void traceRows();
    [[nodiscard]] ByteOffset streamOffset(ByteOffset decoded) const;
    void place(Error &error) const;
    [[nodiscard]] Error toldOf(Error error) const;
    [[nodiscard]] std::shared_ptr<const StreamStart> newlyKnownStart();
    [[nodiscard]] Status flushIfDue();
    [[nodiscard]] Status endDecoder(const LegEnd &end);
    [[nodiscard]] Status finishDecoder(const LegEnd &end);
    [[nodiscard]] std::optional<Clock::time_point> nextDeadline() const;
    void rescuePendingRows();
    [[nodiscard]] DecodeOutcome outcomeOf(Status status);

    Parts m_parts;
    columnar::BatchBuilder m_builder;
    RowDelivery m_delivery;
    FileColumn m_fileColumn;
    std::unique_ptr<decode::RowDecoder> m_decoder;
    std::optional<decode::DecodeOptions> m_chosen; ///< what decoders are made with
    decode::DecodeFindings m_findings;             ///< of the last leg that was decoded
    FirstBytes m_firstBytes;
    bool m_isOver = false;
    bool m_hasEndedEarly = false; ///< the stream said so before its transport did

    LegTally m_leg;
    std::filesystem::path m_legFile; ///< where the leg's file lies, while it is decoded
    std::deque<Leg> m_asked;         ///< for, the one under way first
    std::size_t m_toSkip = 0;        ///< of these, the first that the planner has dropped
    RowHistory m_history;
    RestartWatch m_watch;
    bool m_dropsEvery = false; ///< each held row is dropped when it comes

    StreamLedger m_ledger;
    /// The decoder counts from its preamble on; the stream from its own start.
    ByteCount m_shift;
    bool m_isInPreamble = false;
    bool m_hasToldStart = false;
    std::int64_t m_decodedRows = 0; ///< handed over by the decoders, passed over or not
    Clock::time_point m_lastBatch;
    /// When bytes were fed that made no row yet: a decoder that waits for more of them to find out
    /// how they are written is asked to decide when they pause.
    std::optional<Clock::time_point> m_heldSince;
    RejectLedger m_rejects;
    std::int64_t m_inBandErrors = 0;
    bool m_hasTooManyBadRows = false;
};

} // namespace freshet::transfer
