// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/transfer.h"

#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

/// What is different from how the dataset was fetched so far; see `Transfer::sync`.
struct SyncChange
{
    /// Where the rows come from from now on, for example the API behind a file export that the
    /// dataset was first loaded from. Columns match by name, types widen.
    std::optional<DownloadRequest> source;
    /// How to ask for what is new, if the request does not say it yet, or otherwise than it says.
    std::optional<SinceRule> since;
    /// PostgreSQL: the unique key behind whose last value the new rows lie.
    std::vector<std::string> key;
};

/// What the source says about data that is here already.
struct SourceCheck
{
    bool isUnchanged = false;
    std::string sentence; ///< "the server says that nothing has changed since …" and the like
};

/// Ask whether the data behind a complete dataset has changed, by the validator that came with it;
/// no rows are fetched. The answer is kept as a run; rows and verdict stay as they are. For sources
/// that have no since rule. Blocks until the answer's head is there.
/// Source: RFC 9110 §13.1.2, §13.1.3, §15.4.5.
/// Errors: InvalidArgument if the dataset is not complete, came without a validator, or lacks its
/// secrets; those of the request.
[[nodiscard]] Result<SourceCheck> checkSource(store::Library &library, const std::string &idOrName,
                                              const RequestSecrets &secrets,
                                              const Transfer::Options &options,
                                              const CancelToken &cancel);

} // namespace freshet::transfer
