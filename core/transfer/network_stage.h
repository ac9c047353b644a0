// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/block_queue.h"
#include "transfer/live_progress.h"
#include "transfer/pause_gate.h"
#include "transfer/stop_switch.h"

#include <memory>
#include <optional>

namespace freshet::transfer {

/// The first thread of a transfer: runs the transport and puts its bytes into the queue. A full
/// queue stops the reading of the socket.
class NetworkStage final : public transport::ByteSink
{
public:
    NetworkStage(transport::Transport &transport, BlockQueue &bytes, LiveProgress &progress,
                 const StopSwitch &stop, PauseGate &gate);

    /// Runs until the bytes have ended; closes the queue.
    void run();
    /// How the bytes ended. Readable once the queue is drained without having been aborted, or
    /// after the thread has been joined.
    [[nodiscard]] const Result<transport::TransportEnd> &outcome() const { return m_outcome; }

    [[nodiscard]] Status onHead(const transport::ResponseHead &head) override;
    [[nodiscard]] Status onBytes(std::string_view bytes) override;

private:
    transport::Transport &m_transport;
    BlockQueue &m_bytes;
    LiveProgress &m_progress;
    const StopSwitch &m_stop;
    PauseGate &m_gate;
    Result<transport::TransportEnd> m_outcome;
};

} // namespace freshet::transfer
