// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "transfer/decode_stage.h"

namespace freshet::transfer {

/// What the library kept of the runs before this one.
struct EarlierRun
{
    EarlierRows rows;
    /// The rows from here on are compared by key with those before them once all are here.
    std::optional<RowIndex> compareFrom;
};

/// Whether a dataset can be gone on with: it has come to rest, be it by a crash, and is not whole.
[[nodiscard]] bool isResumable(const store::DatasetRecord &record);
/// Errors: InvalidArgument if it is not; LibraryBusy while somebody writes it.
[[nodiscard]] Status checkResumable(const store::DatasetRecord &record);

/// Read what `record` says of the last run. A resume point whose preamble does not give its rows
/// again loses it, so that everything is decoded from the start. `planner`, if the request has one,
/// takes over its state. Errors: LibraryDamaged.
[[nodiscard]] Result<EarlierRun> readEarlierRun(const store::DatasetRecord &record,
                                                const store::DatasetSnapshot &snapshot,
                                                const decode::DecodeOptions &options,
                                                LegPlanner *planner);

} // namespace freshet::transfer
