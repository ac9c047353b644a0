// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace freshet::store {

/// What a writer is about to do to a dataset that exists.
struct RunStart
{
    std::string kind = "resume"; ///< `resume` or `sync`
    /// Where the rows come from now, as in DatasetRecord; empty: as before.
    std::string source;
    std::string request;
    /// The new rows are going to be compared by key with the older ones. Until a `finish` says that
    /// it is done, other processes do not see them, and a crash leaves them and that work to the
    /// next run.
    bool reconciles = false;
    /// Of the rows kept aside the first so many stay; the others will come again. Unset: all stay.
    std::optional<std::int64_t> keptRejects;
};

/// What became of the rows of a run that compares them by key.
struct RunFigures
{
    RowCount added;
    RowCount updated;    ///< took the place of an older version
    RowCount duplicates; ///< dropped: known already
};

/// For the evidence of a run by key that was cut short: what becomes of its `rows`.
[[nodiscard]] std::string unmergedText(RowCount rows);

/// One writing of a dataset, as the library keeps it.
struct RunRecord
{
    std::int64_t number = 0; ///< from 1
    std::string kind;        ///< `download`, `resume` or `sync`
    std::string source;      ///< without secrets
    std::chrono::system_clock::time_point started;
    /// Unset while it is under way.
    std::optional<std::chrono::system_clock::time_point> finished;
    RowCount rowsBefore;
    RunFigures figures;
    ByteCount wireBytes;
    std::string verdict; ///< as the dataset's; `unchanged` if the source had nothing new
    std::vector<std::string> evidence;
    std::string error;
    std::string schemaDifference; ///< SchemaDifference as JSON; empty if there is none
};

} // namespace freshet::store
