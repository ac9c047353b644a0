// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/leg.h"
#include "transfer/message_template.h"
#include "transport/retry_policy.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

/// Keeps the messages of a WebSocket coming over as many connections as it takes.
///
/// The first connection opens with the request's body. One that is lost is followed, after the
/// policy's delay, by one that opens with the resume message, filled from the last row; rows with
/// the same values there may come again and are dropped by content. Without a resume message a
/// stream that is lost once it has rows is over; a later run asks for the whole again and passes
/// over the rows that are held, up to `kMostBorderRows`.
///
/// A server that takes no notice of the resume message and starts over is noticed by the first row
/// coming again. It is over when the stream says so (a complete message), when the server closes
/// the WebSocket without an error, and after an error that no retry mends. Threads: one thread at a
/// time.
class MessagePlanner final : public LegPlanner
{
public:
    /// More rows than these are not compared with what comes again.
    static constexpr std::int64_t kMostBorderRows = 1'000'000;

    /// Errors: InvalidArgument for a resume message that is no template.
    [[nodiscard]] static Result<std::unique_ptr<LegPlanner>> create(const DownloadRequest &request,
                                                                    std::uint32_t seed);

    [[nodiscard]] Result<Leg> first() override;
    [[nodiscard]] Status admit(const columnar::RecordBatch &batch) override;
    [[nodiscard]] bool advance(const columnar::RecordBatch &batch,
                               const decode::DecodeFindings &findings) override;
    [[nodiscard]] NextLegs judge(const LegReport &report) override;
    [[nodiscard]] PlanOutcome outcome() const override { return m_outcome; }
    [[nodiscard]] std::int64_t borderRows() const override;
    [[nodiscard]] std::string state() const override;
    [[nodiscard]] Status restore(std::string_view state) override;
    [[nodiscard]] std::string plan() const override;
    [[nodiscard]] bool goesOn() const override { return canGoOn() || m_rows == RowCount(); }

private:
    MessagePlanner(const DownloadRequest &request, std::optional<MessageTemplate> resumeMessage,
                   std::uint32_t seed);
    [[nodiscard]] bool canGoOn() const { return m_resumeMessage && m_hasLast; }
    [[nodiscard]] Leg leg();
    [[nodiscard]] NextLegs afterError(const LegReport &report);
    [[nodiscard]] NextLegs over(std::optional<Error> error = std::nullopt);
    void weighTotal(const LegReport &report);

    transport::ByteRequest m_request;
    transport::RetryPolicy m_policy;
    std::optional<MessageTemplate> m_resumeMessage;
    std::uint32_t m_seed;
    transport::RetrySchedule m_schedule;

    std::vector<std::string> m_last; ///< of the last row that has them: see MessageTemplate
    bool m_hasLast = false;
    std::int64_t m_border = 0;        ///< rows that have `m_last` or came behind it
    RowCount m_rows;                  ///< held, of all connections
    std::vector<std::string> m_first; ///< of the first row of all
    bool m_hasRows = false;           ///< the connection under way
    bool m_isResumed = false;         ///< the connection under way opened with the resume message
    /// The next connection, the first of this run, brings everything again.
    bool m_isWholeAgain = false;
    int m_reconnections = 0;
    PlanOutcome m_outcome;
};

} // namespace freshet::transfer
