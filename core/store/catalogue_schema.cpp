// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/catalogue_schema.h"

#include "store/sql_statement.h"

#include <array>

namespace freshet::store {

namespace {

/// Version 1. Removed datasets stay as rows with `removed` = 1 until their files are gone; only
/// the others' names are unique. `length` of a part is what is committed, `file_length` includes
/// the footer and is 0 while there is none.
constexpr std::array kVersion1{
    "CREATE TABLE datasets ("
    " id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL,"
    " request TEXT NOT NULL, state TEXT NOT NULL, verdict TEXT NOT NULL DEFAULT '',"
    " evidence TEXT NOT NULL DEFAULT '[]', resume_point TEXT NOT NULL DEFAULT '',"
    " error TEXT NOT NULL DEFAULT '', facts TEXT NOT NULL DEFAULT '{}',"
    " rows INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,"
    " wire_bytes INTEGER NOT NULL DEFAULT 0, decoded_bytes INTEGER NOT NULL DEFAULT 0,"
    " stored_bytes INTEGER NOT NULL DEFAULT 0,"
    " created INTEGER NOT NULL, updated INTEGER NOT NULL,"
    " writing INTEGER NOT NULL DEFAULT 0, removed INTEGER NOT NULL DEFAULT 0,"
    " revision INTEGER NOT NULL DEFAULT 0)",
    "CREATE UNIQUE INDEX dataset_names ON datasets (name) WHERE removed = 0",
    "CREATE TABLE parts ("
    " dataset TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,"
    " number INTEGER NOT NULL, is_tail INTEGER NOT NULL,"
    " length INTEGER NOT NULL, file_length INTEGER NOT NULL, schema BLOB NOT NULL,"
    " PRIMARY KEY (dataset, number)) WITHOUT ROWID",
    "CREATE TABLE blocks ("
    " dataset TEXT NOT NULL, part INTEGER NOT NULL, number INTEGER NOT NULL,"
    " offset INTEGER NOT NULL, metadata_length INTEGER NOT NULL,"
    " body_length INTEGER NOT NULL, rows INTEGER NOT NULL,"
    " PRIMARY KEY (dataset, part, number),"
    " FOREIGN KEY (dataset, part) REFERENCES parts (dataset, number) ON DELETE CASCADE)"
    " WITHOUT ROWID",
    "CREATE TABLE rejects ("
    " number INTEGER PRIMARY KEY,"
    " dataset TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,"
    " line INTEGER NOT NULL, byte_offset INTEGER NOT NULL,"
    " code TEXT NOT NULL, reason TEXT NOT NULL, raw BLOB NOT NULL)",
    "CREATE INDEX rejects_of ON rejects (dataset, number)",
    "PRAGMA user_version = 1",
};

/// Version 2: what was done to a dataset, run by run, and rows that newer ones have superseded (see
/// DeletedRows). `unreconciled_from` is -1 unless a run by key was cut short. What a version 1
/// library holds is told as one run for each dataset.
constexpr std::array kVersion2{
    "CREATE TABLE runs ("
    " dataset TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,"
    " number INTEGER NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL,"
    " started INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0,"
    " rows_before INTEGER NOT NULL, added INTEGER NOT NULL DEFAULT 0,"
    " updated INTEGER NOT NULL DEFAULT 0, duplicates INTEGER NOT NULL DEFAULT 0,"
    " wire_bytes INTEGER NOT NULL DEFAULT 0, verdict TEXT NOT NULL DEFAULT '',"
    " evidence TEXT NOT NULL DEFAULT '[]', error TEXT NOT NULL DEFAULT '',"
    " schema_difference TEXT NOT NULL DEFAULT '',"
    " PRIMARY KEY (dataset, number)) WITHOUT ROWID",
    "INSERT INTO runs (dataset, number, kind, source, started, finished, rows_before, added,"
    " wire_bytes, verdict, evidence, error)"
    " SELECT id, 1, 'download', source, created, CASE writing WHEN 1 THEN 0 ELSE updated END,"
    " 0, rows, wire_bytes, verdict, evidence, error FROM datasets",
    "CREATE TABLE superseded ("
    " dataset TEXT NOT NULL, part INTEGER NOT NULL, block INTEGER NOT NULL,"
    " rows BLOB NOT NULL,"
    " PRIMARY KEY (dataset, part, block),"
    " FOREIGN KEY (dataset, part, block) REFERENCES blocks (dataset, part, number)"
    " ON DELETE CASCADE) WITHOUT ROWID",
    "ALTER TABLE datasets ADD COLUMN unreconciled_from INTEGER NOT NULL DEFAULT -1",
    "PRAGMA user_version = 2",
};

/// Version 3: XXH3 checksums of batches and footers. NULL for what was written before.
constexpr std::array kVersion3{
    "ALTER TABLE blocks ADD COLUMN checksum INTEGER",
    "ALTER TABLE parts ADD COLUMN footer_checksum INTEGER",
    "PRAGMA user_version = 3",
};
constexpr std::int64_t kNewest = 3;

Result<std::int64_t> versionOf(QSqlDatabase &database)
{
    auto row = execute(database, "PRAGMA user_version");
    if (!row)
        return fail(std::move(row).error());
    return row->next() ? numberAt(*row, 0) : 0;
}

Error newerProgram(const QSqlDatabase &database)
{
    return Error{.code = ErrorCode::Unsupported,
                 .detail = fileOf(database) + ": made by a newer version of Freshet"};
}

} // namespace

Result<bool> isCatalogueOlder(QSqlDatabase &database)
{
    const auto version = versionOf(database);
    if (!version)
        return fail(version.error());
    if (*version > kNewest)
        return fail(newerProgram(database));
    return *version < kNewest;
}

Status migrateCatalogue(QSqlDatabase &database)
{
    const auto isOlder = isCatalogueOlder(database);
    if (!isOlder || !*isOlder)
        return isOlder ? Status() : fail(isOlder.error());
    auto transaction = SqlTransaction::begin(database);
    if (!transaction)
        return fail(std::move(transaction).error());
    // Another process may have been faster between the look and the lock.
    const auto version = versionOf(database);
    if (!version)
        return fail(version.error());
    if (*version > kNewest)
        return fail(newerProgram(database));
    if (*version < 1) {
        for (const char *statement : kVersion1)
            FRESHET_TRY(execute(database, statement));
    }
    if (*version < 2) {
        for (const char *statement : kVersion2)
            FRESHET_TRY(execute(database, statement));
    }
    if (*version < 3) {
        for (const char *statement : kVersion3)
            FRESHET_TRY(execute(database, statement));
    }
    return transaction->commit();
}

} // namespace freshet::store
