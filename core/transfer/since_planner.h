// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/leg.h"
#include "transfer/since_token.h"
#include "transport/retry_policy.h"

#include <limits>

namespace freshet::transfer {

/// Asks for what is new since a token: in a sync, and after a lost connection where the rows say
/// how far they came.
///
/// Behind a complete answer the next run goes on at the watermark, less the overlap. In the middle
/// of an answer it goes on at the last row's value, and rows that may come again (those of the same
/// value; all of the run, where rows do not ascend) are told by `borderRows`. A token that stands
/// in the answer's header or envelope speaks for the whole answer only; then the answer is resumed
/// as any other, and a later run asks for all of it again. The last answer proves by itself that it
/// is whole, as any single one does.
///
/// A source may ignore the token and send all rows again. With a key that does no harm: rows meet
/// by key at the end. Without one, rows at or before the token (or, where tokens are opaque, an
/// answer that begins as the dataset does) give it away: from there on, rows that are held are told
/// by their content and dropped, and the evidence says so. Where rows of this run have come by an
/// earlier request, it ends, and the next run does that with all of them.
/// Threads: one thread at a time.
class SincePlanner final : public LegPlanner
{
public:
    /// More rows than this are not kept in memory to be recognised when they come again: the run
    /// ends then, and the next one recognises them by what is stored.
    static constexpr std::int64_t kMaxBorderRows = 100'000;

    /// `seed` spreads the delays of retries.
    SincePlanner(transport::ByteRequest request, SinceRule rule,
                 const transport::RetryPolicy &retry, std::uint32_t seed);

    [[nodiscard]] Result<Leg> first() override;
    [[nodiscard]] NextLegs judge(const LegReport &report) override;
    [[nodiscard]] PlanOutcome outcome() const override;
    [[nodiscard]] bool advance(const columnar::RecordBatch &batch,
                               const decode::DecodeFindings &findings) override;
    [[nodiscard]] std::int64_t borderRows() const override;
    [[nodiscard]] Status admit(const columnar::RecordBatch &batch) override;
    [[nodiscard]] bool asksForNewOnly() const override { return m_asksForNewOnly; }
    [[nodiscard]] bool sendsAllAgain() const override { return m_sendsAllAgain; }
    void foundAllAgain() override { m_sendsAllAgain = true; }
    [[nodiscard]] std::string state() const override;
    [[nodiscard]] Status restore(std::string_view state) override;
    [[nodiscard]] std::string plan() const override;

    /// Begin behind rows that came from elsewhere, whose token column is `column`, as it is stored.
    void startBehind(const TokenTrack &column);

private:
    struct Position
    {
        std::optional<std::string> token;
        std::int64_t border = 0;
        TokenTrack::Ordinal ordinal = {}; ///< of the token, where it can be compared
    };
    /// A border that reaches back to the first row.
    static constexpr std::int64_t kEveryRow = std::numeric_limits<std::int64_t>::max();

    [[nodiscard]] Position position() const;
    void weighAnswer(const LegReport &report);
    void weighRepeats(const LegReport &report);
    [[nodiscard]] TokenTrack::Ordinal startOrdinal() const;
    [[nodiscard]] Result<Leg> legAt(const Position &position) const;
    [[nodiscard]] NextLegs end(const LegReport &report);
    [[nodiscard]] NextLegs reconnect(const LegReport &report);
    void takeWholeToken(const LegReport &report);
    [[nodiscard]] bool hasRowTokens() const;

    transport::ByteRequest m_request;
    SinceRule m_rule;
    transport::RetrySchedule m_schedule;

    std::optional<std::string> m_start; ///< what the run asked with that this one may go on with
    std::optional<std::string> m_askedToken; ///< what this one asked with at first
    std::optional<std::string> m_token;      ///< EventId, Header, Envelope: the latest
    TokenTrack m_track;                      ///< Column: of this run
    TokenTrack m_earlier;                    ///< of the complete runs before it
    std::int64_t m_rows = 0;                 ///< of this run
    bool m_isComplete = false;
    bool m_sendsAllAgain = false;
    // Of this run and process:
    bool m_isRunning = false;
    bool m_asksForNewOnly = false;
    TokenTrack::Ordinal m_asked;   ///< what the leg under way asks with
    std::int64_t m_rowsBefore = 0; ///< of the run, by earlier legs
    std::int64_t m_unasked = 0;    ///< rows up to the token that came all the same
    int m_reconnections = 0;
    PlanOutcome m_outcome;
};

} // namespace freshet::transfer
