// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "transfer/transfer.h"

#include <string>
#include <vector>

namespace freshet::transfer {

/// How a dataset that is not whole can come to be so.
///
/// Rows that are held are never replaced. If they are wrong, or if something is missing in their
/// middle, nothing but a new dataset has all of them right.
struct WaysOn
{
    bool canResume = false;  ///< a resume has something left to ask for
    bool mayNeedNew = false; ///< a resume may not be enough
    /// Files that lie behind and did not come whole: "b.json: …".
    std::vector<std::string> fellShort;
};

[[nodiscard]] WaysOn waysOn(const store::DatasetRecord &record);

/// The request of a kept dataset, whole again, to be started once more as a new one of that name.
/// Errors: LibraryDamaged; InvalidArgument if it held secrets and `secrets` does not give them
/// again.
[[nodiscard]] Result<DownloadRequest> requestAnew(const store::DatasetRecord &record,
                                                  const RequestSecrets &secrets);

} // namespace freshet::transfer
