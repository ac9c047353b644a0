// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStringList>

#include <filesystem>

namespace freshet::test {

/// Run each statement on the catalogue of the library in `folder`, which nobody has open.
/// Output: what failed.
inline QString changeCatalogue(const std::filesystem::path &folder, const QStringList &statements)
{
    const QString name = QStringLiteral("surgery");
    QString problem;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        database.setDatabaseName(QString::fromStdString((folder / "library.sqlite").string()));
        database.open();
        QSqlQuery query(database);
        for (const QString &statement : statements) {
            if (!query.exec(statement))
                problem += query.lastError().text();
        }
    }
    QSqlDatabase::removeDatabase(name);
    return problem;
}

} // namespace freshet::test
