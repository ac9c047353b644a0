// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <filesystem>
#include <memory>

class QSqlDatabase;

namespace freshet::store {

/// How the catalogue's file is reached. Used by the thread of its connection alone.
class DatabaseFile
{
public:
    virtual ~DatabaseFile() = default;

    /// Open `database` on the file.
    [[nodiscard]] virtual Status open(QSqlDatabase &database) = 0;
    /// To be called before each piece of work: the connection still stands for the file of that
    /// name. Errors: FileNotFound if that was removed or replaced; those of `open`.
    [[nodiscard]] virtual Status makeReady(QSqlDatabase &database) = 0;
    /// Whether what was read since `makeReady` can be relied upon; else it is to be read again.
    [[nodiscard]] virtual bool wasUndisturbed() const { return true; }
};

/// For reading and writing, made if need be: WAL, synchronous=FULL, foreign keys.
[[nodiscard]] std::unique_ptr<DatabaseFile> writableDatabase(std::filesystem::path file);

/// For reading where this process may write neither the file nor its folder.
///
/// A WAL database wants a `-shm` file beside it, which cannot be made then. So it depends on what
/// is there: with a `-shm` (somebody has it open, or had when he was killed) SQLite reads along and
/// takes part in the locking; with neither `-shm` nor `-wal` nobody writes, and the file is read as
/// it is, without locks, and read again should it change meanwhile; a `-wal` without `-shm` and a
/// catalogue of an earlier version are read from a copy, made whole there.
/// Source: sqlite.org/wal.html#read_only_databases, sqlite.org/uri.html,
/// sqlite.org/lang_vacuum.html Errors: PermissionDenied if there is no such file; LibraryBusy if it
/// keeps changing hands.
[[nodiscard]] std::unique_ptr<DatabaseFile> readOnlyDatabase(std::filesystem::path file);

} // namespace freshet::store
