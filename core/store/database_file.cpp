// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database_file.h"

#include "store/sql_statement.h"

#include <QSqlDatabase>

#include <cerrno>
#include <chrono>
#include <sys/stat.h>
#include <thread>

namespace freshet::store {

namespace {

/// How long a statement waits for another process to finish its transaction.
constexpr const char *kOptions = "QSQLITE_BUSY_TIMEOUT=10000";
constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::milliseconds kPause{5};

/// SQLite itself does not wait while the journal's mode changes: two programs that open a new
/// library at once meet here.
Status useWriteAheadLog(QSqlDatabase &database)
{
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (true) {
        auto done = execute(database, "PRAGMA journal_mode=WAL");
        if (done)
            return {};
        if (done.error().code != ErrorCode::LibraryBusy ||
            std::chrono::steady_clock::now() >= deadline)
            return fail(std::move(done).error());
        std::this_thread::sleep_for(kPause);
    }
}

class WritableDatabase final : public DatabaseFile
{
public:
    explicit WritableDatabase(std::filesystem::path file) : m_file(std::move(file)) {}

    Status open(QSqlDatabase &database) override
    {
        database.setDatabaseName(QString::fromStdString(m_file.string()));
        database.setConnectOptions(QString::fromLatin1(kOptions));
        if (!database.open())
            return fail(sqlError(database, database.lastError()));
        FRESHET_TRY(useWriteAheadLog(database));
        for (const char *pragma :
             {"PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA temp_store=MEMORY"})
            FRESHET_TRY(execute(database, pragma));
        if (::stat(m_file.c_str(), &m_opened) != 0)
            return fail(systemError(errno, m_file.string()));
        return {};
    }

    /// SQLite goes on in a file that has no name any more, and nothing would be kept.
    Status makeReady(QSqlDatabase &) override
    {
        struct stat now = {};
        const bool isThere = ::stat(m_file.c_str(), &now) == 0;
        if (isThere && now.st_ino == m_opened.st_ino && now.st_dev == m_opened.st_dev)
            return {};
        return fail(ErrorCode::FileNotFound,
                    m_file.string() + ": was removed or replaced while the library was open");
    }

private:
    const std::filesystem::path m_file;
    struct stat m_opened = {};
};

} // namespace

std::unique_ptr<DatabaseFile> writableDatabase(std::filesystem::path file)
{
    return std::make_unique<WritableDatabase>(std::move(file));
}

} // namespace freshet::store
