// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "store/library.h"

#include <string>
#include <vector>

namespace freshet::store {

/// How new rows meet older ones of the same key.
struct ReconcileRule
{
    std::vector<std::string> key; ///< columns; a row without a value in one of them is new
    /// The new row takes the place of the older one, unless nothing in it differs; else it goes.
    bool replaces = false;
    /// Keys in memory at once, about 40 bytes each: more new rows take several passes over the
    /// older ones' key columns.
    std::int64_t keysAtOnce = 2 * 1024 * 1024;
};

/// Compare the rows from `from` on by key with those before them and with each other, and supersede
/// what has to go, in effect with the writer's next commit. Each key that the new rows name is
/// there once afterwards: the first row of it or, if `replaces`, the last.
///
/// Output: what became of the new rows. Errors: InvalidArgument if there is no such column;
/// Cancelled; those of reading and of `supersede`. Nothing is superseded then.
[[nodiscard]] Result<RunFigures> reconcile(DatasetWriter &writer, RowIndex from,
                                           const ReconcileRule &rule, const CancelToken &cancel);

} // namespace freshet::store
