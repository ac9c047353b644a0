// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/replay_transport.h"

#include <algorithm>
#include <condition_variable>
#include <utility>

namespace freshet::transport {

namespace {

using std::chrono::microseconds;
using Clock = ReplayPace::Clock;

void waitByTheClock(Clock::time_point time, const CancelToken &cancel)
{
    std::mutex mutex;
    std::condition_variable wake;
    const auto registration = cancel.onCancel([&] {
        const std::lock_guard lock(mutex);
        wake.notify_all();
    });
    std::unique_lock lock(mutex);
    wake.wait_until(lock, time, [&cancel] { return cancel.isCancelled(); });
    lock.unlock(); // the registration waits for a wake-up that wants it
}

} // namespace

ReplayCursor::ReplayCursor(std::shared_ptr<const Recording> recording)
    : m_recording(std::move(recording)), m_isTaken(m_recording->exchanges().size())
{}

const Recording::Exchange *ReplayCursor::take(const ByteRequest &request)
{
    const std::string key = recording::keyOf(request);
    const auto &exchanges = m_recording->exchanges();
    const std::lock_guard lock(m_mutex);
    for (std::size_t i = 0; i < exchanges.size(); ++i) {
        if (m_isTaken[i] || exchanges[i].key != key)
            continue;
        m_isTaken[i] = true;
        return &exchanges[i];
    }
    return nullptr;
}

ReplayTransport::ReplayTransport(ByteRequest request, std::shared_ptr<ReplayCursor> cursor,
                                 ReplayPace pace, WireObserver *observer)
    : m_request(std::move(request)),
      m_cursor(std::move(cursor)),
      m_pace(std::move(pace)),
      m_observer(observer)
{}

Result<TransportEnd> ReplayTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    m_board.start();
    m_start = Clock::now();
    const Recording::Exchange *const exchange = m_cursor->take(m_request);
    if (exchange == nullptr)
        return fail(ErrorCode::InvalidArgument,
                    "the recording holds no answer to " + recording::keyOf(m_request));
    if (exchange->end)
        tellPhases(exchange->end->phases);
    for (const Recording::Event &event : exchange->events) {
        FRESHET_TRY(wait(event.at, cancel));
        FRESHET_TRY(play(*exchange, event, sink));
    }
    FRESHET_TRY(wait(exchange->endedAt, cancel));
    m_refusal = exchange->refusal;
    Result<BodyEnd> outcome =
        fail(ErrorCode::Truncated, exchange->isBounded ? "the recording was cut at its bound"
                                                       : "the recording stops here");
    if (exchange->end && !exchange->isBounded) {
        outcome = exchange->end->outcome;
        m_trailers = exchange->end->trailers;
    }
    return concludeRecorded(std::move(outcome), m_body, m_board);
}

Status ReplayTransport::play(const Recording::Exchange &exchange, const Recording::Event &event,
                             ByteSink &sink)
{
    if (event.kind == recording::Kind::Head) {
        m_body.emplace(sink, *exchange.head, m_request.limits, m_board);
        return m_body->begin();
    }
    const auto payload = m_cursor->recording().payload(event);
    if (!payload)
        return fail(payload.error());
    if (event.kind == recording::Kind::Chunk) {
        std::uint64_t size = 0;
        for (std::size_t i = 0; i < std::min<std::size_t>(payload->size(), 8); ++i)
            size |= std::uint64_t(static_cast<unsigned char>((*payload)[i])) << (8 * i);
        if (m_observer != nullptr)
            m_observer->onChunk(static_cast<std::int64_t>(size));
        return {};
    }
    if (!m_body)
        return fail(ErrorCode::SyntaxError, "the recording has bytes before a head");
    if (m_observer != nullptr)
        m_observer->onWire(*payload);
    Status taken = m_body->feed(*payload);
    if (m_observer != nullptr)
        m_observer->onHandedOn();
    return taken;
}

Status ReplayTransport::wait(microseconds at, const CancelToken &cancel)
{
    if (m_pace.speed > 0) {
        // Whatever the file says and however slow the replay is, the clock can tell when it is due.
        using Microseconds = std::chrono::duration<double, std::micro>;
        constexpr Microseconds kLongest = std::chrono::hours(24 * 365);
        const auto after = std::clamp<Microseconds>(at / m_pace.speed, Microseconds(0), kLongest);
        const auto due = m_start + std::chrono::duration_cast<Clock::duration>(after);
        if (m_pace.waitUntil)
            m_pace.waitUntil(due, cancel);
        else if (due > Clock::now())
            waitByTheClock(due, cancel);
    }
    if (cancel.isCancelled())
        return fail(ErrorCode::Cancelled, "cancelled");
    return {};
}

/// As recorded, at the replay's speed.
void ReplayTransport::tellPhases(const TransportTiming &recorded)
{
    const auto scaled = [this](std::optional<microseconds> time) {
        if (time && m_pace.speed > 0)
            time = std::chrono::duration_cast<microseconds>(*time / m_pace.speed);
        return m_pace.speed > 0 ? time : std::nullopt;
    };
    m_board.changeTiming([&](TransportTiming &timing) {
        timing.nameLookup = scaled(recorded.nameLookup);
        timing.connected = scaled(recorded.connected);
        timing.tlsDone = scaled(recorded.tlsDone);
        timing.requestSent = scaled(recorded.requestSent);
        timing.answerBegan = scaled(recorded.answerBegan);
    });
}

} // namespace freshet::transport
