// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/page_planner.h"
#include "transfer/since_token.h"

#include <limits>
#include <memory>

namespace freshet::transfer {

/// Asks for what is new since a token, where the source hands that out in pages: the token goes out
/// with the request for the first page, the pages follow by their rule.
///
/// All pages of a run are asked for with the token it began with, also after an interruption, which
/// goes on between pages. Only when the last page is here and none is missing does the watermark
/// move: to the column's value over all of them, or to the header or member of the first page that
/// says one (what changed while the later pages came is behind it).
///
/// A source that ignores the token is found out as by `SincePlanner`; rows that are held are told
/// by their content and dropped then. Where that shows only behind the first page, the run ends,
/// and the next one asks for all pages again. Threads: one thread at a time.
class PagedSincePlanner final : public LegPlanner
{
public:
    /// `rule` takes its token from anywhere but event ids.
    PagedSincePlanner(transport::ByteRequest request, SinceRule rule, PageRule pages,
                      std::optional<RowCount> limit);

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
    [[nodiscard]] std::optional<std::string> watermark() const;
    [[nodiscard]] Result<std::unique_ptr<PagePlanner>> pagesSince() const;
    [[nodiscard]] Leg marked(Leg leg) const;
    void noteToken(const LegReport &report);
    void complete();
    [[nodiscard]] std::int64_t tokenRows() const;

    const transport::ByteRequest m_request;
    const SinceRule m_rule;
    const PageRule m_pageRule;
    const std::optional<RowCount> m_limit;

    std::unique_ptr<PagePlanner> m_pages; ///< of this run; null before `first`
    std::optional<std::string> m_start;   ///< what this run asks with
    std::optional<std::string> m_token;   ///< Header, Envelope: what the next one asks with
    std::optional<std::string> m_found;   ///< … as this run's pages say it
    TokenTrack m_track;                   ///< Column: of this run
    TokenTrack m_earlier;                 ///< of the complete runs before it
    std::int64_t m_rows = 0;              ///< of this run
    std::int64_t m_border = 0;            ///< rows of the token that may come again
    bool m_isComplete = false;
    bool m_sendsAllAgain = false;
    // Of this run and process:
    bool m_isRunning = false;
    bool m_asksForNewOnly = false;
    bool m_hasJudged = false;    ///< a page
    TokenTrack::Ordinal m_asked; ///< m_start, where it can be compared
    std::int64_t m_unasked = 0;  ///< rows up to the token that came all the same
    std::int64_t m_repeated = 0; ///< rows that were here already
    std::optional<Error> m_error;
};

} // namespace freshet::transfer
