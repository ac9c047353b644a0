// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/arrival_trace.h"
#include "transfer/block_queue.h"
#include "transfer/leg_source.h"
#include "transfer/live_progress.h"
#include "transfer/pause_gate.h"
#include "transfer/stop_switch.h"

namespace freshet::transfer {

/// The first thread of a transfer: has the legs sent and puts their bytes into the queue. A full
/// queue stops the reading of the socket.
class NetworkStage final : public LegSink
{
public:
    /// `trace` may be null.
    NetworkStage(LegSource &source, BlockQueue &bytes, LiveProgress &progress,
                 const StopSwitch &stop, PauseGate &gate, ArrivalTrace *trace);

    /// Runs until the queue of legs is closed; closes the one of bytes.
    void run();
    /// How the last leg ended, if one did. Readable after the thread has been joined.
    [[nodiscard]] const std::shared_ptr<const LegEnd> &lastEnd() const { return m_lastEnd; }

    void onLegBegin(const std::string &label) override;
    [[nodiscard]] Status onHead(const transport::ResponseHead &head) override;
    [[nodiscard]] Status onBytes(std::string_view bytes) override;
    [[nodiscard]] Status onLegEnd(LegEnd end) override;

private:
    void measure(std::chrono::steady_clock::duration took);

    LegSource &m_source;
    BlockQueue &m_bytes;
    LiveProgress &m_progress;
    const StopSwitch &m_stop;
    PauseGate &m_gate;
    ArrivalTrace *m_trace;
    std::shared_ptr<const LegEnd> m_lastEnd;
};

} // namespace freshet::transfer
