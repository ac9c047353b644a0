// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"

#include <filesystem>

namespace freshet::store {

/// A lock on a file, between processes and within one. The kernel frees it when the
/// process ends, however it ends.
/// Source: flock(2). Threads: one thread at a time.
class FileLock
{
public:
    /// Errors: LibraryBusy if somebody else holds it.
    [[nodiscard]] static Result<FileLock> tryAcquire(const std::filesystem::path &path);
    /// Keep writers out, not other readers; the file needs not be writable.
    [[nodiscard]] static Result<FileLock> tryAcquireShared(const std::filesystem::path &path);
    /// Wait for it. Only for locks that are held briefly.
    [[nodiscard]] static Result<FileLock> acquire(const std::filesystem::path &path);

    /// Also done by the destructor.
    void release();

private:
    explicit FileLock(File file) : m_file(std::move(file)) {}
    [[nodiscard]] static Result<FileLock> lock(const std::filesystem::path &path, File::Mode mode,
                                               int operation);
    File m_file;
};

} // namespace freshet::store
