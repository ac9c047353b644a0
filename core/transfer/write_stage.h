// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/decode_stage.h"
#include "transfer/live_progress.h"
#include "transfer/resume_point.h"
#include "transfer/stop_switch.h"
#include "transfer/write_item.h"

#include <functional>

namespace freshet::transfer {

/// The third thread of a transfer: appends batches to the dataset and commits them together with
/// the point where the download could go on.
///
/// Threads: one thread at a time.
class WriteStage
{
public:
    struct Parts
    {
        const Transfer::Options &options;
        WriteQueue &batches;
        store::DatasetWriter &writer;
        LiveProgress &progress;
        StopSwitch &stop;
        /// Makes both queues let go of their threads.
        std::function<void()> abortQueues;
        const std::optional<EarlierRows> &earlier;
        std::optional<RowCount> ring;
    };

    explicit WriteStage(Parts parts);

    /// Runs until the decoder's last word, an abort or an error of its own.
    void run();

    /// The decoder's last word; nothing if the queue was aborted before it.
    [[nodiscard]] const std::optional<DecodeOutcome> &decoded() const { return m_decoded; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    /// Take out what the ring has no room for, if there is one; in effect with the next commit.
    [[nodiscard]] Status trim();
    /// How many rows made room for newer ones.
    [[nodiscard]] RowCount trimmedRows() const { return m_trimmedRows; }
    /// Against the rows that are held, as committed last.
    [[nodiscard]] HeldDoubt doubt() const { return m_point.doubt; }
    /// `most`: so many rows are left, if some were taken out. `doubt`: against those.
    [[nodiscard]] std::string resumePoint(std::optional<RowIndex> most, HeldDoubt doubt) const;

private:
    [[nodiscard]] Status take(DecodedBatch &&item);
    [[nodiscard]] Status take(store::StoredReject &&reject);
    [[nodiscard]] Status take(DecodeOutcome &&outcome);
    bool adoptHead();
    [[nodiscard]] Status commitIfDue();

    Parts m_parts;
    ResumePoint m_point;
    bool m_hasHead = false;
    LiveProgress::Clock::time_point m_nextLook;
    RowCount m_rows; ///< of the dataset
    RowCount m_trimmedRows;
    std::optional<DecodeOutcome> m_decoded;
    std::optional<Error> m_error;
};

} // namespace freshet::transfer
