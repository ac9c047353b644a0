// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/progress_board.h"
#include "transport/recorded_body.h"
#include "transport/recording.h"
#include "transport/wire_observer.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace freshet::transport {

/// How a recording is played.
struct ReplayPace
{
    using Clock = std::chrono::steady_clock;

    double speed = 1; ///< times as fast as it was recorded; 0: as fast as it goes
    /// Waits until a time, or until it is cancelled; for tests. Empty: the clock's.
    std::function<void(Clock::time_point, const CancelToken &)> waitUntil;
};

/// Hands out the exchanges of a recording to the requests that a replay makes: each to the request
/// that is like the recorded one, in the order of the recording.
///
/// Threads: thread-safe.
class ReplayCursor
{
public:
    explicit ReplayCursor(std::shared_ptr<const Recording> recording);

    [[nodiscard]] const Recording &recording() const { return *m_recording; }
    /// Null if the recording has no (further) answer to that request.
    [[nodiscard]] const Recording::Exchange *take(const ByteRequest &request);

private:
    const std::shared_ptr<const Recording> m_recording;
    std::mutex m_mutex;
    std::vector<bool> m_isTaken;
};

/// Plays one exchange of a recording: the same head, bytes and end at the same times, through the
/// same undoing of codings, without a network.
///
/// A sink that is slower than the one of the recording delays what follows; nothing is skipped.
/// Errors: InvalidArgument if there is no such exchange; LimitReached where the recording was cut
/// at its bound; else those that were recorded. Threads: as Transport.
class ReplayTransport final : public Transport
{
public:
    /// `observer` may be null.
    ReplayTransport(ByteRequest request, std::shared_ptr<ReplayCursor> cursor, ReplayPace pace,
                    WireObserver *observer);

    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override { return m_board.snapshot(); }
    std::optional<ResponseHead> refusal() const override { return m_refusal; }
    std::vector<Header> trailers() const override { return m_trailers; }

private:
    [[nodiscard]] Status play(const Recording::Exchange &exchange, const Recording::Event &event,
                              ByteSink &sink);
    [[nodiscard]] Status wait(std::chrono::microseconds at, const CancelToken &cancel);
    void tellPhases(const TransportTiming &recorded);

    const ByteRequest m_request;
    const std::shared_ptr<ReplayCursor> m_cursor;
    const ReplayPace m_pace;
    WireObserver *const m_observer;
    ReplayPace::Clock::time_point m_start;
    ProgressBoard m_board;
    std::optional<RecordedBody> m_body;
    std::optional<ResponseHead> m_refusal;
    std::vector<Header> m_trailers;
};

} // namespace freshet::transport
