// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"
#include "transfer/job_files.h"
#include "transfer/leg.h"

#include <memory>
#include <string>
#include <vector>

namespace freshet::transfer {

/// Downloads what an export job makes: starts the job, waits for it, then fetches its files one
/// after the other into the dataset's spool and reads each as rows.
///
/// A later run goes on with the same job, the same half-fetched file and behind the last row that
/// was read; a file that turns out to be another one is SourceChanged. Rows are checked against
/// what the job states. Source: reliability rules R39, R40.
class JobPlanner final : public LegPlanner
{
public:
    /// `request.job` is set.
    explicit JobPlanner(const DownloadRequest &request);

    void spoolInto(const std::filesystem::path &folder) override;
    /// Whether a run from `state` sends the request itself, as the job's address is not known.
    [[nodiscard]] static bool isAskedAnew(std::string_view state);

    [[nodiscard]] Result<Leg> first() override;
    [[nodiscard]] NextLegs judge(const LegReport &report) override;
    [[nodiscard]] PlanOutcome outcome() const override;
    [[nodiscard]] bool advance(const columnar::RecordBatch &batch,
                               const decode::DecodeFindings &findings) override;
    [[nodiscard]] std::string state() const override;
    [[nodiscard]] Status restore(std::string_view state) override;
    [[nodiscard]] std::string plan() const override;
    [[nodiscard]] std::vector<std::string> fellShort() const override { return m_loss; }
    [[nodiscard]] bool passOver(RowCount rows) override
    {
        m_rowsHeld += rows;
        return true;
    }

private:
    enum class Step { Start, Wait, Fetch, Read };

    [[nodiscard]] Leg legFor(Step step);
    [[nodiscard]] Step stepBehind(Step step) const;
    [[nodiscard]] std::string partName() const;
    void finishPart(const LegReport &report);

    std::shared_ptr<JobFiles> m_files; ///< the errands use it while they run, we between them
    transport::ByteRequest m_request;
    Step m_step = Step::Start;
    std::size_t m_part = 0; ///< the one under way
    RowCount m_rowsHeld;    ///< of it, by an earlier run
    RowCount m_rowsRead;    ///< of it, decoded in this one
    bool m_isOver = false;
    std::optional<Error> m_error;
    std::vector<std::string> m_loss;
};

} // namespace freshet::transfer
