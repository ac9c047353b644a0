// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/leg.h"
#include "transport/retry_policy.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

/// Gets the rows of a PostgreSQL query: by one COPY or cursor, or page by page in the order of a
/// key, and goes on after an interruption.
///
/// With a key (`PostgresFetch::range.columns`) rows come in its order, and a later leg asks for
/// what lies behind the last row; so do a resumed download and a sync. The key has to be unique and
/// without nulls, which is checked as rows pass. What comes in several legs comes from several
/// snapshots, which the evidence says.
///
/// Without a key a query that was cut can only be run again as a whole: not of its own accord once
/// rows have come; a resumed download does so, drops each row that is held already, and notices if
/// one of those does not come again. Proof is the server's own count. Threads: one thread at a
/// time.
class PostgresPlanner final : public LegPlanner
{
public:
    /// More rows than these are not compared with what comes again.
    static constexpr std::int64_t kMostBorderRows = 5'000'000;

    /// Errors: InvalidArgument for options that do not go together.
    [[nodiscard]] static Result<std::unique_ptr<LegPlanner>> create(const DownloadRequest &request,
                                                                    std::uint32_t seed);
    PostgresPlanner(const DownloadRequest &request, std::uint32_t seed);

    [[nodiscard]] Result<Leg> first() override;
    [[nodiscard]] Status admit(const columnar::RecordBatch &batch) override;
    [[nodiscard]] bool advance(const columnar::RecordBatch &batch,
                               const decode::DecodeFindings &findings) override;
    [[nodiscard]] NextLegs judge(const LegReport &report) override;
    [[nodiscard]] PlanOutcome outcome() const override;
    [[nodiscard]] std::int64_t borderRows() const override;
    [[nodiscard]] std::string state() const override;
    [[nodiscard]] Status restore(std::string_view state) override;
    [[nodiscard]] std::string plan() const override;
    [[nodiscard]] bool goesOn() const override { return canGoOn() || m_rows == RowCount(); }

    /// Begin behind `rows` rows that came from elsewhere, the last of which in the order of the key
    /// has the key `last`; nothing if there are none.
    void startBehind(std::vector<std::string> last, RowCount rows);

private:
    [[nodiscard]] bool hasKey() const { return !m_key.empty(); }
    [[nodiscard]] bool canGoOn() const { return hasKey() && !m_last.empty(); }
    [[nodiscard]] bool isPaged() const;
    [[nodiscard]] Leg leg();
    [[nodiscard]] std::string place() const;
    [[nodiscard]] NextLegs afterError(const LegReport &report);
    [[nodiscard]] NextLegs over(std::optional<Error> error = std::nullopt);
    void weighCount(const LegReport &report, RowCount counted);
    void noteNotices(const LegReport &report);

    const transport::ByteRequest m_request;
    const std::vector<std::string> m_key;
    transport::RetrySchedule m_schedule;

    std::vector<std::string> m_last; ///< the key of the last row; empty: none has come
    RowCount m_rows;                 ///< held, of all runs
    bool m_isComplete = false;
    /// The next leg, the first of this run, brings everything again.
    bool m_isWholeAgain = false;
    bool m_isResumed = false;   ///< rows were held when this run began
    std::int64_t m_counted = 0; ///< rows that the server counted in this run
    std::string m_command;      ///< that it counted them with
    int m_legs = 0;
    int m_snapshots = 0; ///< legs of this run that brought rows
    int m_reconnections = 0;
    std::vector<std::string> m_notices;
    PlanOutcome m_outcome;
};

/// The texts of the columns called `names` in a row; nothing if one is not there or has no value.
[[nodiscard]] std::optional<std::vector<std::string>> textsOf(const columnar::RecordBatch &batch,
                                                              const std::vector<std::string> &names,
                                                              std::int64_t row);

} // namespace freshet::transfer
