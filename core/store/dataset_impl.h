// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/dataset.h"
#include "store/dataset_state.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace freshet::store {

/// What the handles of one dataset in this process share.
struct Dataset::Impl
{
    std::string id;
    mutable std::mutex mutex;
    std::shared_ptr<const DatasetState> state;
    std::atomic<std::uint64_t> generation{0};
    /// A writer of this process is at work: the state here is newer than the catalogue's.
    /// Changed under the mutex.
    std::atomic<bool> isWritten{false};
    /// The catalogue's revision that the state stands for.
    std::atomic<std::int64_t> revision{-1};

    /// Show `next` from now on; `grew` if there are new rows or columns.
    void publish(DatasetState next, bool grew);
    /// The same for what was read from the catalogue, unless a writer began in the meantime.
    void publishLoaded(DatasetState next, std::int64_t ofRevision);
    void setWritten(bool written);
};

} // namespace freshet::store
