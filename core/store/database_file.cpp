// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database_file.h"

#include "store/sql_statement.h"

#include <QSqlDatabase>

#include <cerrno>
#include <sys/stat.h>

namespace freshet::store {

namespace {

/// How long a statement waits for another process to finish its transaction.
constexpr const char *kOptions = "QSQLITE_BUSY_TIMEOUT=10000";

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
        for (const char *pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                                   "PRAGMA foreign_keys=ON", "PRAGMA temp_store=MEMORY"})
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
