// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_session.h"
#include "transfer/transfer.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace freshet::lab {

/// One moment of a session: a copy, safe to keep.
struct LabProgress
{
    int done = 0;  ///< runs, warm-ups included
    int total = 0; ///< runs, warm-ups included
    std::optional<RunSlot> current;
    /// Of the run under way.
    transfer::Progress transfer;
    std::vector<transfer::ArrivalPoint> rowPoints;
    /// Those that are over, in their order; grows only.
    std::vector<std::shared_ptr<const RunRecord>> runs;
    std::chrono::microseconds elapsed{0};
    bool isFinished = false;
    /// What kept the session from going on or from being saved. Failed runs are no error.
    std::optional<Error> error;
};

/// Makes the runs of a plan, one at a time, on a thread of its own.
///
/// A variant that fails is recorded as such and tried again in the next round. Errors of this
/// machine (disk, memory) end the session; what was measured until then is kept.
/// Threads: thread-safe. Lifetime: the destructor cancels and waits.
class LabRun
{
public:
    struct Options
    {
        /// Where the session is kept, and beside what the scratch library lies. Empty: the session
        /// is not saved, and the scratch library is in the system's folder for temporary files.
        std::filesystem::path library;
        /// Of all transfers.
        transfer::Transfer::Options transfer;
    };

    /// Errors: those of `LabPlan::validate`; of the scratch library. Does not wait.
    [[nodiscard]] static Result<std::unique_ptr<LabRun>> start(LabPlan plan, Options options);
    ~LabRun();

    [[nodiscard]] const LabPlan &plan() const;
    [[nodiscard]] LabProgress progress() const;
    /// Stop within 200 ms; the runs so far are kept, the one under way is not.
    void cancel();
    /// Output: false on time-out.
    [[nodiscard]] bool waitFor(std::chrono::milliseconds patience) const;
    /// The runs so far; the whole session once it is finished, which has been saved then.
    [[nodiscard]] LabSession session() const;

private:
    struct Impl;
    explicit LabRun(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::lab
