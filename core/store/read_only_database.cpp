// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/catalogue_schema.h"
#include "store/database_file.h"
#include "store/sql_statement.h"

#include <QSqlDatabase>
#include <QTemporaryDir>
#include <QUrl>

#include <sys/stat.h>
#include <unistd.h>

namespace freshet::store {

namespace fs = std::filesystem;

namespace {

constexpr const char *kOptions =
    "QSQLITE_OPEN_URI;QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=10000";
constexpr int kAttempts = 5;

fs::path beside(const fs::path &file, const char *suffix)
{
    fs::path path = file;
    path += suffix;
    return path;
}

/// What tells one state of the file and its companions from another.
struct Stamp
{
    struct Part
    {
        ino_t inode = 0;
        off_t size = -1; ///< -1: there is none
        timespec changed = {};

        bool operator==(const Part &other) const
        {
            return inode == other.inode && size == other.size &&
                   changed.tv_sec == other.changed.tv_sec &&
                   changed.tv_nsec == other.changed.tv_nsec;
        }
        static Part of(const fs::path &path)
        {
            struct stat now = {};
            if (::stat(path.c_str(), &now) != 0)
                return {};
            return {now.st_ino, now.st_size, now.st_mtim};
        }
    };

    Part file;
    Part log;
    bool isShared = false; ///< there is a `-shm` that can be read

    bool operator==(const Stamp &) const = default;
    static Stamp of(const fs::path &file)
    {
        return {Part::of(file), Part::of(beside(file, "-wal")),
                ::access(beside(file, "-shm").c_str(), R_OK) == 0};
    }
};

class ReadOnlyDatabase final : public DatabaseFile
{
public:
    explicit ReadOnlyDatabase(fs::path file) : m_file(std::move(file)) {}

    Status open(QSqlDatabase &database) override;
    Status makeReady(QSqlDatabase &database) override;
    bool wasUndisturbed() const override
    {
        return m_way != Way::Still || Stamp::of(m_file) == m_stamp;
    }

private:
    enum class Way {
        Along, ///< with those who write it
        Still, ///< nobody writes it
        Copy
    };

    [[nodiscard]] Status openAs(Way way, QSqlDatabase &database);
    [[nodiscard]] Status openCopy(QSqlDatabase &database);
    [[nodiscard]] Status openOnce(QSqlDatabase &database);

    const fs::path m_file;
    Way m_way = Way::Along;
    Stamp m_stamp;
    std::unique_ptr<QTemporaryDir> m_copies;
};

Status connectTo(QSqlDatabase &database, const QString &name, const char *options)
{
    database.close();
    database.setDatabaseName(name);
    database.setConnectOptions(QString::fromLatin1(options));
    if (!database.open())
        return fail(sqlError(database, database.lastError()));
    return execute(database, "PRAGMA temp_store=MEMORY").map([](const QSqlQuery &) {});
}

Status ReadOnlyDatabase::openAs(Way way, QSqlDatabase &database)
{
    m_way = way;
    const QByteArray path =
        QUrl::toPercentEncoding(QString::fromStdString(fs::absolute(m_file).string()), "/");
    return connectTo(database,
                     QStringLiteral("file:%1?%2")
                         .arg(QString::fromLatin1(path), way == Way::Still
                                                             ? QStringLiteral("immutable=1")
                                                             : QStringLiteral("mode=ro")),
                     kOptions);
}

/// Copy what the connection shows or, if there is none, the file and its log.
Status ReadOnlyDatabase::openCopy(QSqlDatabase &database)
{
    m_way = Way::Copy;
    m_copies = std::make_unique<QTemporaryDir>();
    if (!m_copies->isValid())
        return fail(ErrorCode::IoError,
                    m_copies->path().toStdString() + ": " + m_copies->errorString().toStdString());
    const QString name = m_copies->filePath(QStringLiteral("library.sqlite"));
    if (database.isOpen()) {
        FRESHET_TRY(execute(database, "VACUUM INTO ?", {name}));
    } else {
        const fs::path copy = name.toStdString();
        std::error_code error;
        fs::copy_file(m_file, copy, error);
        if (!error)
            fs::copy_file(beside(m_file, "-wal"), beside(copy, "-wal"), error);
        if (error)
            return fail(systemError(error.value(), m_file.string()));
    }
    FRESHET_TRY(connectTo(database, name, ""));
    return migrateCatalogue(database);
}

Status ReadOnlyDatabase::openOnce(QSqlDatabase &database)
{
    if (!m_stamp.isShared && m_stamp.log.size > 0)
        return openCopy(database);
    FRESHET_TRY(openAs(m_stamp.isShared ? Way::Along : Way::Still, database));
    const auto isOlder = isCatalogueOlder(database);
    if (!isOlder)
        return fail(isOlder.error());
    return *isOlder ? openCopy(database) : Status();
}

Status ReadOnlyDatabase::open(QSqlDatabase &database)
{
    Status opened;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        m_stamp = Stamp::of(m_file);
        if (m_stamp.file.size < 0)
            return fail(ErrorCode::PermissionDenied,
                        m_file.parent_path().string() +
                            ": there is no library, and none may be made here");
        database.close();
        opened = openOnce(database);
        // What went wrong while somebody came or went may go well at the next look.
        if ((opened && m_way == Way::Along) || Stamp::of(m_file) == m_stamp)
            return opened;
    }
    if (opened)
        opened = fail(ErrorCode::LibraryBusy, m_file.string() + ": changes while it is opened");
    return opened;
}

Status ReadOnlyDatabase::makeReady(QSqlDatabase &database)
{
    // Along with the writers it is always as new as they are.
    const Stamp now = Stamp::of(m_file);
    const bool isAlong =
        m_way == Way::Along && now.isShared && now.file.inode == m_stamp.file.inode;
    return isAlong || now == m_stamp ? Status() : open(database);
}

} // namespace

std::unique_ptr<DatabaseFile> readOnlyDatabase(fs::path file)
{
    return std::make_unique<ReadOnlyDatabase>(std::move(file));
}

} // namespace freshet::store
