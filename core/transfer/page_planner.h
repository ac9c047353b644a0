// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/leg.h"
#include "transfer/page_course.h"
#include "transfer/page_digest.h"

#include <deque>
#include <unordered_set>

namespace freshet::transfer {

/// Fetches a result page by page.
///
/// It ends at the proof that its style knows (no next link, an empty page, `hasMore` false, the
/// declared total), never at an error. A page that brings the rows of the page before again, or a
/// request that brings what it brought before, is a loop and ends it as incomplete; the same token
/// with new rows is none. An answer that reports its own failure ends it; one that calls itself
/// partial is told in the verdict. Goes on between pages only.
/// Threads: one thread at a time.
class PagePlanner final : public LegPlanner
{
public:
    PagePlanner(PageRule rule, transport::ByteRequest request, std::optional<RowCount> limit);

    [[nodiscard]] Result<Leg> first() override;
    [[nodiscard]] NextLegs judge(const LegReport &report) override;
    [[nodiscard]] PlanOutcome outcome() const override;
    [[nodiscard]] bool advance(const columnar::RecordBatch &batch,
                               const decode::DecodeFindings &findings) override;
    [[nodiscard]] std::int64_t borderRows() const override;
    [[nodiscard]] std::string state() const override;
    [[nodiscard]] Status restore(std::string_view state) override;
    [[nodiscard]] std::string plan() const override;

private:
    [[nodiscard]] NextLegs judgeFailure(const LegReport &report);
    [[nodiscard]] std::optional<PageStep> chooseCourse(const PageAnswer &answer,
                                                       const PageSigns &signs);
    [[nodiscard]] bool mayBeOneRow(const PageAnswer &answer) const;
    [[nodiscard]] NextLegs askForOneRow();
    [[nodiscard]] std::optional<std::string> loopIn(std::uint64_t visit, std::uint64_t content,
                                                    const LegReport &report);
    void noteTotal(const PageSigns &signs);
    [[nodiscard]] bool noteProblem(const decode::DecodeFindings &findings);
    [[nodiscard]] NextLegs goOn();
    [[nodiscard]] NextLegs over(PageStep step);
    [[nodiscard]] NextLegs over(Error error);
    [[nodiscard]] Leg legFor(PageRequest page);

    PageRule m_rule;
    const transport::ByteRequest m_request;
    const std::optional<RowCount> m_limit;
    std::unique_ptr<PageCourse> m_course; ///< null until the style is known
    std::string m_found;                  ///< how it was found

    bool m_takesOneRow = false; ///< a document without a list counts as a row
    std::vector<std::string> m_columnNames;

    std::int64_t m_pages = 0; ///< judged
    std::int64_t m_rows = 0;
    std::deque<std::uint64_t> m_underWay; ///< fingerprints of the requests, in order

    PageDigest m_digest;
    std::optional<std::string> m_lastKey;
    std::uint64_t m_lastContent = 0;
    int m_sameInARow = 0;
    std::unordered_set<std::uint64_t> m_seen; ///< requests with what they brought

    std::optional<PageSigns::Sign<std::int64_t>> m_total;
    bool m_isTotalDoubtful = false;
    std::vector<std::string> m_losses;
    std::optional<PageStep> m_end;
    std::optional<Error> m_error;
};

} // namespace freshet::transfer
