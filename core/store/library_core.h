// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/catalogue.h"
#include "store/column_cache.h"
#include "store/file_lock.h"

#include <filesystem>
#include <memory>
#include <string>

namespace freshet::store {

/// What a library and its writers share; it lives until the last of them is gone.
/// Threads: thread-safe.
struct LibraryCore
{
    std::filesystem::path folder;
    std::shared_ptr<Catalogue> catalogue;
    std::shared_ptr<ColumnCache> cache;
    bool isReadOnly = false; ///< for this process

    [[nodiscard]] std::filesystem::path datasetsFolder() const { return folder / "datasets"; }
    [[nodiscard]] std::filesystem::path folderOf(const std::string &id) const
    {
        return datasetsFolder() / id;
    }
    /// Errors: PermissionDenied, saying so.
    [[nodiscard]] Status checkWritable() const
    {
        if (!isReadOnly)
            return {};
        return fail(ErrorCode::PermissionDenied,
                    folder.string() + ": this library can be read here, not written");
    }
    /// Held for as long as a writer works on the dataset.
    [[nodiscard]] Result<FileLock> lockDataset(const std::string &id) const
    {
        return FileLock::tryAcquire(folderOf(id) / "lock");
    }
    /// That nobody writes the dataset, held for as long as it is to stay so.
    [[nodiscard]] Result<FileLock> keepWritersOut(const std::string &id) const
    {
        return FileLock::tryAcquireShared(folderOf(id) / "lock");
    }
    /// Held while datasets come and go, so that no process takes another's half-made dataset for
    /// the remains of a crash.
    [[nodiscard]] Result<FileLock> lockLibrary() const
    {
        return FileLock::acquire(folder / "library.lock");
    }
};

} // namespace freshet::store
