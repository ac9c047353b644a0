// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sql_statement.h"

#include <QUrl>

#include <utility>

namespace freshet::store {

namespace {

// SQLite's primary result codes (sqlite.org/rescode.html); extended ones carry them in the low
// byte.
enum SqliteCode {
    Perm = 3,
    Busy = 5,
    Locked = 6,
    ReadOnly = 8,
    IoErr = 10,
    Corrupt = 11,
    Full = 13,
    CantOpen = 14,
    Constraint = 19,
    NotADatabase = 26,
};

ErrorCode codeFor(int native)
{
    switch (native & 0xFF) {
    case Perm:
    case ReadOnly:
    case CantOpen:
        return ErrorCode::PermissionDenied;
    case Busy:
    case Locked:
        return ErrorCode::LibraryBusy;
    case IoErr:
        return ErrorCode::IoError;
    case Corrupt:
    case NotADatabase:
        return ErrorCode::LibraryDamaged;
    case Full:
        return ErrorCode::DiskFull;
    case Constraint:
        return ErrorCode::InvalidArgument;
    default:
        return ErrorCode::Internal;
    }
}

} // namespace

std::string fileOf(const QSqlDatabase &database)
{
    const QString name = database.databaseName();
    const bool isUri = name.startsWith(QLatin1String("file:"));
    return (isUri ? QUrl(name).path(QUrl::FullyDecoded) : name).toStdString();
}

Error sqlError(const QSqlDatabase &database, const QSqlError &error)
{
    const int native = error.nativeErrorCode().toInt();
    return Error{.code = codeFor(native),
                 .detail = fileOf(database) + ": " + error.text().toStdString(),
                 .nativeCode = native};
}

Result<QSqlQuery> execute(QSqlDatabase &database, const char *sql,
                          std::initializer_list<QVariant> values)
{
    QSqlQuery query(database);
    query.setForwardOnly(true);
    if (!query.prepare(QString::fromLatin1(sql)))
        return fail(sqlError(database, query.lastError()));
    for (const QVariant &value : values)
        query.addBindValue(value);
    if (!query.exec())
        return fail(sqlError(database, query.lastError()));
    return query;
}

QVariant bound(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QVariant bound(std::int64_t value)
{
    return QVariant::fromValue<qlonglong>(value);
}

QVariant boundBytes(std::string_view bytes)
{
    return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QVariant boundChecksum(std::optional<std::uint64_t> checksum)
{
    return checksum ? bound(static_cast<std::int64_t>(*checksum)) : QVariant();
}

std::string textAt(const QSqlQuery &row, int column)
{
    return row.value(column).toString().toStdString();
}

std::string bytesAt(const QSqlQuery &row, int column)
{
    return row.value(column).toByteArray().toStdString();
}

std::int64_t numberAt(const QSqlQuery &row, int column)
{
    return row.value(column).toLongLong();
}

std::optional<std::uint64_t> checksumAt(const QSqlQuery &row, int column)
{
    if (row.isNull(column))
        return std::nullopt;
    return static_cast<std::uint64_t>(numberAt(row, column));
}

Result<SqlTransaction> SqlTransaction::begin(QSqlDatabase &database)
{
    FRESHET_TRY(execute(database, "BEGIN IMMEDIATE"));
    return SqlTransaction(database);
}

SqlTransaction::SqlTransaction(SqlTransaction &&other) noexcept
    : m_database(std::exchange(other.m_database, nullptr))
{}

SqlTransaction::~SqlTransaction()
{
    // Some errors (a full disk) have rolled back already; then this fails and nothing is lost.
    if (m_database != nullptr)
        static_cast<void>(execute(*m_database, "ROLLBACK"));
}

Status SqlTransaction::commit()
{
    FRESHET_TRY(execute(*m_database, "COMMIT"));
    m_database = nullptr;
    return {};
}

} // namespace freshet::store
