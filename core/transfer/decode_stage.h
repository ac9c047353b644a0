// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/block_queue.h"
#include "transfer/first_bytes.h"
#include "transfer/network_stage.h"
#include "transfer/stream_ledger.h"
#include "transfer/write_item.h"

#include <memory>

namespace freshet::transfer {

/// What a transfer goes on with.
struct EarlierRows
{
    ResumePoint point;
    RowCount rows; ///< in the dataset, at least those before the point
    columnar::SchemaPtr schema;
};

/// The second thread of a transfer: finds out the format, turns bytes into batches and hands them
/// to the writer.
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
        const NetworkStage &network;
        const std::optional<EarlierRows> &earlier;
    };

    explicit DecodeStage(Parts parts);

    /// Runs until the bytes have ended or an error or the limit stops it; its last item in the
    /// queue is the DecodeOutcome.
    void run();

    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset resumeAt) override;
    [[nodiscard]] bool reject(decode::RejectedRow row) override;

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] Status goOnFrom(const EarlierRows &earlier);
    [[nodiscard]] Status decodeAll();
    [[nodiscard]] Status consume(std::string_view bytes);
    [[nodiscard]] Status chooseDecoder();
    [[nodiscard]] Status makeDecoder(decode::DecodeOptions options, const std::string &reason);
    [[nodiscard]] Status feed(std::string_view bytes);
    [[nodiscard]] Status feedPiece(std::string_view piece);
    [[nodiscard]] ByteOffset streamOffset(ByteOffset decoded) const;
    void place(Error &error) const;
    [[nodiscard]] std::shared_ptr<const StreamStart> newlyKnownStart();
    [[nodiscard]] Status flushIfDue();
    [[nodiscard]] Status end();
    [[nodiscard]] std::optional<Clock::time_point> nextDeadline() const;
    void rescuePendingRows();
    [[nodiscard]] DecodeOutcome outcomeOf(Status status);

    Parts m_parts;
    columnar::BatchBuilder m_builder;
    std::unique_ptr<decode::RowDecoder> m_decoder;
    FirstBytes m_firstBytes;
    StreamLedger m_ledger;
    /// The decoder counts from its preamble on; the stream from its own start.
    ByteCount m_shift;
    bool m_isInPreamble = false;
    bool m_hasToldStart = false;
    std::int64_t m_toPassOver = 0;  ///< decoded rows that the dataset holds already
    std::int64_t m_decodedRows = 0; ///< handed over by the decoder, passed over or not
    Clock::time_point m_lastBatch;
    RowCount m_rows; ///< of the dataset, those under way included
    std::int64_t m_rejected = 0;
    std::int64_t m_inBandErrors = 0;
    bool m_reachedLimit = false;
};

} // namespace freshet::transfer
