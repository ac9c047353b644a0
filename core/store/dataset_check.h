// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "store/library.h"

#include <functional>
#include <vector>

namespace freshet::store {

struct LibraryCore;

/// What reading a whole dataset again found.
struct DatasetCheck
{
    DatasetRecord record;
    int parts = 0;
    ByteCount bytes;     ///< committed lengths of the parts that could be read
    RowCount rows;       ///< found in the parts, unmerged ones among them, superseded ones not
    RowCount superseded; ///< rows that newer ones took the place of
    std::int64_t rejects = 0;
    std::int64_t batches = 0;
    /// Of the batches, those that were written before checksums were kept: a changed bit in a value
    /// that is stored uncompressed cannot be told there.
    std::int64_t batchesWithoutChecksum = 0;
    /// Each names the file, and the byte where there is one. At most `kMaxDamage` of them.
    std::vector<Error> damage;

    static constexpr std::size_t kMaxDamage = 1000;
};

using CheckProgress = std::function<void(RowCount done, RowCount total)>;

/// Read every column of every committed batch of the dataset (by id or name) and hold what is found
/// to the catalogue: files, their lengths and every byte of them by checksums, schemas, footers,
/// rows of each batch and in all, bad rows. Batches of version 2 libraries have no checksum in the
/// catalogue: their compressed buffers are checked by the checksums of their frames, the others by
/// their structure only, and the result counts them.
///
/// Holds the dataset's lock, so that nobody writes meanwhile. `progress` is called on this thread,
/// once a batch. Errors: DatasetNotFound, LibraryBusy while it is being written, Cancelled; what is
/// wrong with the dataset itself is `damage`. Threads: blocks; any thread.
[[nodiscard]] Result<DatasetCheck> checkDataset(const LibraryCore &core,
                                                const std::string &idOrName,
                                                const CancelToken &cancel,
                                                const CheckProgress &progress);

} // namespace freshet::store
