// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/leg.h"
#include "transport/retry_policy.h"

#include <cstdint>
#include <optional>
#include <string>

namespace freshet::transfer {

/// Keeps a stream of server-sent events going over as many connections as it takes.
/// Source: WHATWG HTML, "Server-sent events", §9.2.3.
///
/// A connection that is cut, or that ends without the stream having said that it is complete, is
/// followed by one that goes on behind the last event id (`Last-Event-ID`), after the server's
/// `retry:` time or the policy's delay. Rows with that id may come again: they are compared and
/// dropped.
///
/// It is over when the stream says so (a complete event), with 204 No Content, after an error that
/// no retry mends, when the policy's tries in a row brought nothing, or when `kMostIdle`
/// connections in a row ended cleanly without anything new: then there is nothing more. Without an
/// id, a clean end is the end, and a cut one is final once there are rows. A server that ignores
/// the id and starts over is noticed by the first id of the stream coming again.
///
/// Threads: one thread at a time.
class EventPlanner final : public LegPlanner
{
public:
    static constexpr int kMostIdle = 2;
    /// More rows than these are not compared with what comes again.
    static constexpr std::int64_t kMostBorderRows = 1'000'000;

    EventPlanner(const DownloadRequest &request, std::uint32_t seed);

    [[nodiscard]] Result<Leg> first() override;
    [[nodiscard]] Status admit(const columnar::RecordBatch &batch) override;
    [[nodiscard]] bool advance(const columnar::RecordBatch &batch,
                               const decode::DecodeFindings &findings) override;
    [[nodiscard]] NextLegs judge(const LegReport &report) override;
    [[nodiscard]] PlanOutcome outcome() const override { return m_outcome; }
    [[nodiscard]] std::int64_t borderRows() const override { return m_border; }
    [[nodiscard]] std::string state() const override;
    [[nodiscard]] Status restore(std::string_view state) override;
    [[nodiscard]] std::string plan() const override;

private:
    [[nodiscard]] Leg leg() const;
    [[nodiscard]] NextLegs reconnect(std::chrono::milliseconds delay, std::optional<Error> why);
    [[nodiscard]] NextLegs afterError(const LegReport &report);
    [[nodiscard]] NextLegs afterCleanEnd();
    [[nodiscard]] NextLegs over(std::optional<Error> error = std::nullopt);
    void learn(const decode::DecodeFindings &findings);
    void weighTotal(const LegReport &report);
    [[nodiscard]] bool mayRepeat() const;

    transport::ByteRequest m_request;
    transport::RetryPolicy m_policy;
    std::uint32_t m_seed;
    transport::RetrySchedule m_schedule;
    std::optional<std::chrono::milliseconds> m_serverDelay;

    std::string m_id;          ///< where the next connection goes on; empty: no id
    std::int64_t m_border = 0; ///< rows held that came with `m_id` or behind it
    std::string m_firstId;     ///< of the whole stream
    RowCount m_rows;           ///< held, of all connections

    // The connection under way.
    std::string m_legId;          ///< the id it goes on behind
    std::int64_t m_legBorder = 0; ///< the border when it began
    bool m_hasRows = false;

    int m_reconnections = 0;
    int m_idle = 0;             ///< connections in a row that ended cleanly with nothing new
    bool m_endedCleanly = true; ///< the connection before this one
    PlanOutcome m_outcome;
};

} // namespace freshet::transfer
