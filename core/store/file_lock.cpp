// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/file_lock.h"

#include <cerrno>
#include <sys/file.h>

namespace freshet::store {

Result<FileLock> FileLock::lock(const std::filesystem::path &path, File::Mode mode, int operation)
{
    auto file = File::open(path, mode);
    if (!file)
        return fail(std::move(file).error());
    while (::flock(file->descriptor(), operation) != 0) {
        if (errno == EINTR)
            continue;
        if (errno == EWOULDBLOCK)
            return fail(ErrorCode::LibraryBusy, path.string() + ": in use by another writer");
        return fail(systemError(errno, path.string()));
    }
    return FileLock(std::move(*file));
}

Result<FileLock> FileLock::tryAcquire(const std::filesystem::path &path)
{
    return lock(path, File::Mode::Append, LOCK_EX | LOCK_NB);
}

Result<FileLock> FileLock::tryAcquireShared(const std::filesystem::path &path)
{
    return lock(path, File::Mode::Read, LOCK_SH | LOCK_NB);
}

Result<FileLock> FileLock::acquire(const std::filesystem::path &path)
{
    return lock(path, File::Mode::Append, LOCK_EX);
}

void FileLock::release()
{
    m_file = File();
}

} // namespace freshet::store
