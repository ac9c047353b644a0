// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::store {

/// Run one statement with its values bound by place.
/// Errors: by SQLite's code, naming the database file: DiskFull, LibraryBusy, PermissionDenied,
/// LibraryDamaged, IoError; InvalidArgument for a broken UNIQUE rule; else Internal.
[[nodiscard]] Result<QSqlQuery> execute(QSqlDatabase &database, const char *sql,
                                        std::initializer_list<QVariant> values = {});
/// The path that `database` was opened by, be it as a URI.
[[nodiscard]] std::string fileOf(const QSqlDatabase &database);
[[nodiscard]] Error sqlError(const QSqlDatabase &database, const QSqlError &error);

[[nodiscard]] QVariant bound(std::string_view text);
[[nodiscard]] QVariant bound(std::int64_t value);
[[nodiscard]] QVariant boundBytes(std::string_view bytes);
/// As the signed number of the same bits, or NULL.
[[nodiscard]] QVariant boundChecksum(std::optional<std::uint64_t> checksum);
[[nodiscard]] std::string textAt(const QSqlQuery &row, int column);
[[nodiscard]] std::string bytesAt(const QSqlQuery &row, int column);
[[nodiscard]] std::int64_t numberAt(const QSqlQuery &row, int column);
[[nodiscard]] std::optional<std::uint64_t> checksumAt(const QSqlQuery &row, int column);

/// A transaction that takes the write lock at once and is rolled back unless committed.
class SqlTransaction
{
public:
    [[nodiscard]] static Result<SqlTransaction> begin(QSqlDatabase &database);
    SqlTransaction(SqlTransaction &&other) noexcept;
    SqlTransaction &operator=(SqlTransaction &&) = delete;
    ~SqlTransaction();
    [[nodiscard]] Status commit();

private:
    explicit SqlTransaction(QSqlDatabase &database) : m_database(&database) {}
    QSqlDatabase *m_database;
};

} // namespace freshet::store
