// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/catalogue.h"

#include "store/catalogue_change.h"
#include "store/catalogue_runs.h"
#include "store/catalogue_schema.h"
#include "store/catalogue_text.h"
#include "store/sql_statement.h"

#include <algorithm>

namespace freshet::store {

namespace {

#define FRESHET_DATASET_COLUMNS                                                                    \
    "id, name, source, request, state, verdict, evidence, resume_point, error, facts, rows, "      \
    "rejected, wire_bytes, decoded_bytes, stored_bytes, created, updated, writing, revision, "     \
    "unreconciled_from"

constexpr const char *kListSql =
    "SELECT " FRESHET_DATASET_COLUMNS
    " FROM datasets WHERE removed = 0 ORDER BY created DESC, rowid DESC";
// Ids come first, so that no name can hide a dataset.
constexpr const char *kFindSql =
    "SELECT " FRESHET_DATASET_COLUMNS " FROM datasets WHERE removed = 0 AND (id = ? OR name = ?)"
    " ORDER BY id = ? DESC LIMIT 1";

std::chrono::system_clock::time_point timeAt(const QSqlQuery &row, int column)
{
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(numberAt(row, column)));
}

RunRecord runFrom(const QSqlQuery &row)
{
    RunRecord run;
    run.number = numberAt(row, 0);
    run.kind = textAt(row, 1);
    run.source = textAt(row, 2);
    run.started = timeAt(row, 3);
    if (numberAt(row, 4) != 0)
        run.finished = timeAt(row, 4);
    run.rowsBefore = RowCount(numberAt(row, 5));
    run.figures = {.added = RowCount(numberAt(row, 6)),
                   .updated = RowCount(numberAt(row, 7)),
                   .duplicates = RowCount(numberAt(row, 8))};
    run.wireBytes = ByteCount(numberAt(row, 9));
    run.verdict = textAt(row, 10);
    run.evidence = sentencesFromJson(textAt(row, 11));
    run.error = textAt(row, 12);
    run.schemaDifference = textAt(row, 13);
    return run;
}

std::optional<RowIndex> unmergedFromAt(const QSqlQuery &row, int column)
{
    const std::int64_t from = numberAt(row, column);
    return from < 0 ? std::nullopt : std::optional(RowIndex(from));
}

CatalogueEntry entryFrom(const QSqlQuery &row)
{
    CatalogueEntry entry;
    DatasetRecord &record = entry.record;
    record.id = textAt(row, 0);
    record.name = textAt(row, 1);
    record.source = textAt(row, 2);
    record.request = textAt(row, 3);
    record.state = textAt(row, 4);
    record.verdict = textAt(row, 5);
    record.evidence = sentencesFromJson(textAt(row, 6));
    record.resumePoint = textAt(row, 7);
    record.error = textAt(row, 8);
    record.facts = factsFromJson(textAt(row, 9));
    record.rows = RowCount(numberAt(row, 10));
    record.rejected = RowCount(numberAt(row, 11));
    record.wireBytes = ByteCount(numberAt(row, 12));
    record.decodedBytes = ByteCount(numberAt(row, 13));
    record.storedBytes = ByteCount(numberAt(row, 14));
    record.created = timeAt(row, 15);
    record.updated = timeAt(row, 16);
    entry.isWriting = numberAt(row, 17) != 0;
    entry.revision = numberAt(row, 18);
    if (const auto from = unmergedFromAt(row, 19)) {
        record.unmergedFrom = from;
        record.unmergedRows = RowIndex() + record.rows - *from;
        record.rows = *from - RowIndex();
    }
    return entry;
}

Result<CataloguePart> partFrom(const QSqlQuery &row)
{
    auto schema = schemaFromBytes(bytesAt(row, 4));
    if (!schema)
        return fail(std::move(schema).error());
    CataloguePart part;
    part.number = static_cast<int>(numberAt(row, 0));
    part.isTail = numberAt(row, 1) != 0;
    part.length = ByteCount(numberAt(row, 2));
    part.fileLength = ByteCount(numberAt(row, 3));
    part.schema = std::move(*schema);
    part.schemaMessage = bytesAt(row, 4);
    part.footerChecksum = checksumAt(row, 5);
    return part;
}

Status readBlocks(QSqlDatabase &database, const std::string &id, std::vector<CataloguePart> &parts)
{
    auto rows = execute(database,
                        "SELECT part, offset, metadata_length, body_length, rows, checksum"
                        " FROM blocks WHERE dataset = ? ORDER BY part, number",
                        {bound(id)});
    if (!rows)
        return fail(std::move(rows).error());
    auto part = parts.begin();
    while (rows->next()) {
        const std::int64_t number = numberAt(*rows, 0);
        while (part != parts.end() && part->number < number)
            ++part;
        if (part == parts.end() || part->number != number)
            return fail(ErrorCode::LibraryDamaged, "a batch without its part in the catalogue");
        part->blocks.push_back({.offset = ByteOffset(numberAt(*rows, 1)),
                                .metadataLength = static_cast<std::int32_t>(numberAt(*rows, 2)),
                                .bodyLength = ByteCount(numberAt(*rows, 3)),
                                .rows = RowCount(numberAt(*rows, 4)),
                                .checksum = checksumAt(*rows, 5)});
    }
    return {};
}

Status readDeletions(QSqlDatabase &database, const std::string &id,
                     std::vector<CataloguePart> &parts)
{
    auto rows = execute(database, "SELECT part, block, rows FROM superseded WHERE dataset = ?",
                        {bound(id)});
    if (!rows)
        return fail(std::move(rows).error());
    while (rows->next()) {
        const auto part = std::ranges::find(parts, numberAt(*rows, 0), &CataloguePart::number);
        const auto index = static_cast<std::size_t>(numberAt(*rows, 1) - 1);
        if (part == parts.end() || index >= part->blocks.size())
            return fail(ErrorCode::LibraryDamaged, "a deletion vector without its batch");
        auto deleted = DeletedRows::fromBytes(bytesAt(*rows, 2), part->blocks[index].rows);
        if (!deleted)
            return fail(std::move(deleted).error());
        part->deleted.emplace(index, std::move(*deleted));
    }
    return {};
}

Result<CatalogueContents> readContents(QSqlDatabase &database, const std::string &id)
{
    CatalogueContents contents;
    auto dataset = execute(
        database, "SELECT unreconciled_from, revision FROM datasets WHERE id = ?", {bound(id)});
    if (!dataset)
        return fail(std::move(dataset).error());
    if (!dataset->next())
        return fail(ErrorCode::DatasetNotFound, "no dataset with the id " + id);
    contents.unmergedFrom = unmergedFromAt(*dataset, 0);
    contents.revision = numberAt(*dataset, 1);
    auto rows = execute(database,
                        "SELECT number, is_tail, length, file_length, schema, footer_checksum"
                        " FROM parts WHERE dataset = ? ORDER BY number",
                        {bound(id)});
    if (!rows)
        return fail(std::move(rows).error());
    while (rows->next()) {
        auto part = partFrom(*rows);
        if (!part)
            return fail(std::move(part).error());
        contents.parts.push_back(std::move(*part));
    }
    FRESHET_TRY(readBlocks(database, id, contents.parts));
    FRESHET_TRY(readDeletions(database, id, contents.parts));
    return contents;
}

} // namespace

Result<std::shared_ptr<Catalogue>> Catalogue::open(const std::filesystem::path &file)
{
    auto sql = SqlThread::open(writableDatabase(file));
    if (!sql)
        return fail(std::move(sql).error());
    FRESHET_TRY((*sql)->run([](QSqlDatabase &database) { return migrateCatalogue(database); }));
    return std::shared_ptr<Catalogue>(new Catalogue(std::move(*sql)));
}

Result<std::shared_ptr<Catalogue>> Catalogue::openReadOnly(const std::filesystem::path &file)
{
    auto sql = SqlThread::open(readOnlyDatabase(file));
    if (!sql)
        return fail(std::move(sql).error());
    return std::shared_ptr<Catalogue>(new Catalogue(std::move(*sql)));
}

Result<std::vector<CatalogueEntry>> Catalogue::list()
{
    return m_sql->run([](QSqlDatabase &database) -> Result<std::vector<CatalogueEntry>> {
        auto rows = execute(database, kListSql);
        if (!rows)
            return fail(std::move(rows).error());
        std::vector<CatalogueEntry> entries;
        while (rows->next())
            entries.push_back(entryFrom(*rows));
        return entries;
    });
}

Result<CatalogueEntry> Catalogue::find(const std::string &idOrName)
{
    return m_sql->run([&](QSqlDatabase &database) -> Result<CatalogueEntry> {
        auto row = execute(database, kFindSql, {bound(idOrName), bound(idOrName), bound(idOrName)});
        if (!row)
            return fail(std::move(row).error());
        if (!row->next())
            return fail(ErrorCode::DatasetNotFound, "no dataset called \"" + idOrName + '"');
        return entryFrom(*row);
    });
}

Result<bool> Catalogue::hasName(const std::string &name)
{
    return m_sql->run([&](QSqlDatabase &database) -> Result<bool> {
        auto row = execute(database, "SELECT 1 FROM datasets WHERE name = ? AND removed = 0",
                           {bound(name)});
        if (!row)
            return fail(std::move(row).error());
        return row->next();
    });
}

Result<CatalogueContents> Catalogue::contents(const std::string &id)
{
    return m_sql->run([&](QSqlDatabase &database) -> Result<CatalogueContents> {
        // One transaction, so that all is of the same commit.
        FRESHET_TRY(execute(database, "BEGIN"));
        auto contents = readContents(database, id);
        FRESHET_TRY(execute(database, "COMMIT"));
        return contents;
    });
}

Result<std::vector<StoredReject>> Catalogue::rejects(const std::string &id, std::int64_t limit,
                                                     std::int64_t from)
{
    return m_sql->run([&](QSqlDatabase &database) -> Result<std::vector<StoredReject>> {
        auto rows = execute(database,
                            "SELECT line, byte_offset, code, reason, raw FROM rejects"
                            " WHERE dataset = ? ORDER BY number LIMIT ? OFFSET ?",
                            {bound(id), bound(limit), bound(from)});
        if (!rows)
            return fail(std::move(rows).error());
        std::vector<StoredReject> rejects;
        while (rows->next()) {
            rejects.push_back({.line = numberAt(*rows, 0),
                               .byteOffset = numberAt(*rows, 1),
                               .code = textAt(*rows, 2),
                               .reason = textAt(*rows, 3),
                               .rawText = bytesAt(*rows, 4)});
        }
        return rejects;
    });
}

Result<std::int64_t> Catalogue::rejectCount(const std::string &id)
{
    return m_sql->run([&](QSqlDatabase &database) -> Result<std::int64_t> {
        auto row = execute(database, "SELECT count(*) FROM rejects WHERE dataset = ?", {bound(id)});
        if (!row)
            return fail(std::move(row).error());
        return row->next() ? numberAt(*row, 0) : 0;
    });
}

Result<std::vector<RunRecord>> Catalogue::runs(const std::string &id)
{
    return m_sql->run([&](QSqlDatabase &database) -> Result<std::vector<RunRecord>> {
        auto rows = execute(database,
                            "SELECT number, kind, source, started, finished, rows_before, added,"
                            " updated, duplicates, wire_bytes, verdict, evidence, error,"
                            " schema_difference FROM runs WHERE dataset = ? ORDER BY number",
                            {bound(id)});
        if (!rows)
            return fail(std::move(rows).error());
        std::vector<RunRecord> runs;
        while (rows->next())
            runs.push_back(runFrom(*rows));
        return runs;
    });
}

Result<std::vector<std::string>> Catalogue::removed()
{
    return m_sql->run([](QSqlDatabase &database) -> Result<std::vector<std::string>> {
        auto rows = execute(database, "SELECT id FROM datasets WHERE removed = 1");
        if (!rows)
            return fail(std::move(rows).error());
        std::vector<std::string> ids;
        while (rows->next())
            ids.push_back(textAt(*rows, 0));
        return ids;
    });
}

Status Catalogue::insert(const DatasetRecord &record)
{
    return m_sql->run([&](QSqlDatabase &database) -> Status {
        auto transaction = SqlTransaction::begin(database);
        if (!transaction)
            return fail(std::move(transaction).error());
        const std::int64_t now = millisNow();
        auto inserted =
            execute(database,
                    "INSERT INTO datasets (id, name, source, request, state, created, updated,"
                    " writing) VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                    {bound(record.id), bound(record.name), bound(record.source),
                     bound(record.request), bound(record.state), bound(now), bound(now)});
        if (!inserted && inserted.error().code == ErrorCode::InvalidArgument) {
            return fail(ErrorCode::InvalidArgument,
                        "there is a dataset called \"" + record.name + "\" already");
        }
        if (!inserted)
            return fail(std::move(inserted).error());
        FRESHET_TRY(beginRun(database, record.id, {.kind = "download"}));
        return transaction->commit();
    });
}

Status Catalogue::beginWriting(const std::string &id, const RunStart &run)
{
    return m_sql->run([&](QSqlDatabase &database) -> Status {
        auto transaction = SqlTransaction::begin(database);
        if (!transaction)
            return fail(std::move(transaction).error());
        FRESHET_TRY(execute(database,
                            "UPDATE datasets SET writing = 1, verdict = '', error = '',"
                            " updated = ?, revision = revision + 1 WHERE id = ?",
                            {bound(millisNow()), bound(id)}));
        FRESHET_TRY(beginRun(database, id, run));
        return transaction->commit();
    });
}

Status Catalogue::addRun(const std::string &id, const RunRecord &run)
{
    return m_sql->run([&](QSqlDatabase &database) { return insertRun(database, id, run); });
}

Result<std::int64_t> Catalogue::apply(const CatalogueChange &change)
{
    return m_sql->run([&](QSqlDatabase &database) -> Result<std::int64_t> {
        auto transaction = SqlTransaction::begin(database);
        if (!transaction)
            return fail(std::move(transaction).error());
        const auto revision = applyChange(database, change);
        if (!revision)
            return revision;
        FRESHET_TRY(transaction->commit());
        return revision;
    });
}

Status Catalogue::rename(const std::string &id, const std::string &name)
{
    return m_sql->run([&](QSqlDatabase &database) -> Status {
        auto updated = execute(
            database, "UPDATE datasets SET name = ?, updated = ? WHERE id = ? AND removed = 0",
            {bound(name), bound(millisNow()), bound(id)});
        if (!updated && updated.error().code == ErrorCode::InvalidArgument) {
            return fail(ErrorCode::InvalidArgument,
                        "there is a dataset called \"" + name + "\" already");
        }
        if (!updated)
            return fail(std::move(updated).error());
        if (updated->numRowsAffected() == 0)
            return fail(ErrorCode::DatasetNotFound, "no dataset with the id " + id);
        return {};
    });
}

Status Catalogue::markRemoved(const std::string &id)
{
    return m_sql->run([&](QSqlDatabase &database) -> Status {
        FRESHET_TRY(execute(database, "UPDATE datasets SET removed = 1 WHERE id = ?", {bound(id)}));
        return {};
    });
}

Status Catalogue::erase(const std::string &id)
{
    return m_sql->run([&](QSqlDatabase &database) -> Status {
        FRESHET_TRY(execute(database, "DELETE FROM datasets WHERE id = ?", {bound(id)}));
        return {};
    });
}

} // namespace freshet::store
