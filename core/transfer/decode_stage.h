// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/block_queue.h"
#include "transfer/first_bytes.h"
#include "transfer/network_stage.h"
#include "transfer/write_item.h"

#include <memory>

namespace freshet::transfer {

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
    };

    explicit DecodeStage(Parts parts);

    /// Runs until the bytes have ended or an error or the limit stops it; its last item in the
    /// queue is the DecodeOutcome.
    void run();

    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset resumeAt) override;
    [[nodiscard]] bool reject(decode::RejectedRow row) override;

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] Status decodeAll();
    [[nodiscard]] Status consume(std::string_view bytes);
    [[nodiscard]] Status chooseDecoder();
    [[nodiscard]] Status makeDecoder(decode::Format format, const std::string &reason);
    [[nodiscard]] Status flushIfDue();
    [[nodiscard]] Status end();
    [[nodiscard]] std::optional<Clock::time_point> nextDeadline() const;
    void rescuePendingRows();
    [[nodiscard]] DecodeOutcome outcomeOf(Status status);

    Parts m_parts;
    columnar::BatchBuilder m_builder;
    std::unique_ptr<decode::RowDecoder> m_decoder;
    FirstBytes m_firstBytes;
    Clock::time_point m_lastBatch;
    RowCount m_rows;
    std::int64_t m_rejected = 0;
    std::int64_t m_inBandErrors = 0;
    bool m_reachedLimit = false;
};

} // namespace freshet::transfer
