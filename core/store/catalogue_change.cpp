// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/catalogue_change.h"

#include "store/catalogue_runs.h"
#include "store/catalogue_text.h"
#include "store/sql_statement.h"

namespace freshet::store {

namespace {

Status addBlocks(QSqlDatabase &database, const std::string &id, const CataloguePart &part)
{
    if (part.blocks.empty())
        return {};
    auto last = execute(
        database, "SELECT coalesce(max(number), 0) FROM blocks WHERE dataset = ? AND part = ?",
        {bound(id), bound(std::int64_t(part.number))});
    if (!last)
        return fail(std::move(last).error());
    std::int64_t number = last->next() ? numberAt(*last, 0) : 0;
    for (const ArrowBlock &block : part.blocks) {
        FRESHET_TRY(execute(database, "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                            {bound(id), bound(std::int64_t(part.number)), bound(++number),
                             bound(block.offset.value()), bound(std::int64_t(block.metadataLength)),
                             bound(block.bodyLength.value()), bound(block.rows.value()),
                             boundChecksum(block.checksum)}));
    }
    return {};
}

Status updatePart(QSqlDatabase &database, const std::string &id, const CataloguePart &part)
{
    FRESHET_TRY(
        execute(database,
                "INSERT INTO parts (dataset, number, is_tail, length, file_length, schema,"
                " footer_checksum) VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (dataset, number)"
                " DO UPDATE SET length = excluded.length,"
                " file_length = excluded.file_length,"
                " footer_checksum = excluded.footer_checksum",
                {bound(id), bound(std::int64_t(part.number)), bound(std::int64_t(part.isTail)),
                 bound(part.length.value()), bound(part.fileLength.value()),
                 boundBytes(schemaBytes(*part.schema)), boundChecksum(part.footerChecksum)}));
    return addBlocks(database, id, part);
}

Status addRejects(QSqlDatabase &database, const CatalogueChange &change)
{
    if (change.rejects.empty())
        return {};
    for (const StoredReject &reject : change.rejects) {
        FRESHET_TRY(
            execute(database,
                    "INSERT INTO rejects (dataset, line, byte_offset, code, reason, raw)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    {bound(change.id), bound(reject.line), bound(reject.byteOffset),
                     bound(reject.code), bound(reject.reason), boundBytes(reject.rawText)}));
    }
    FRESHET_TRY(
        execute(database, "UPDATE datasets SET rejected = rejected + ? WHERE id = ?",
                {bound(static_cast<std::int64_t>(change.rejects.size())), bound(change.id)}));
    return {};
}

Status addSuperseded(QSqlDatabase &database, const CatalogueChange &change)
{
    for (const SupersededBlock &block : change.superseded) {
        FRESHET_TRY(
            execute(database,
                    "INSERT INTO superseded (dataset, part, block, rows)"
                    " VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (dataset, part, block) DO UPDATE SET rows = excluded.rows",
                    {bound(change.id), bound(std::int64_t(block.part)), bound(block.number),
                     boundBytes(block.deleted->bytes())}));
    }
    return {};
}

Status storeProgress(QSqlDatabase &database, const std::string &id, const CommitPoint &point)
{
    FRESHET_TRY(execute(database,
                        "UPDATE datasets SET state = ?, evidence = ?, resume_point = ?,"
                        " wire_bytes = ?, decoded_bytes = ? WHERE id = ?",
                        {bound(point.state), bound(jsonFromSentences(point.evidence)),
                         bound(point.resumePoint), bound(point.wireBytes.value()),
                         bound(point.decodedBytes.value()), bound(id)}));
    return {};
}

Status storeFinal(QSqlDatabase &database, const std::string &id, const FinalState &final)
{
    FRESHET_TRY(
        execute(database,
                "UPDATE datasets SET state = ?, verdict = ?, evidence = ?,"
                " resume_point = ?, error = ?, facts = ?, wire_bytes = ?,"
                " decoded_bytes = ?, writing = 0 WHERE id = ?",
                {bound(final.state), bound(final.verdict), bound(jsonFromSentences(final.evidence)),
                 bound(final.resumePoint), bound(final.error), bound(jsonFromFacts(final.facts)),
                 bound(final.wireBytes.value()), bound(final.decodedBytes.value()), bound(id)}));
    if (final.isReconciled)
        FRESHET_TRY(execute(database, "UPDATE datasets SET unreconciled_from = -1 WHERE id = ?",
                            {bound(id)}));
    return {};
}

Status storeFigures(QSqlDatabase &database, const CatalogueChange &change)
{
    if (change.rows)
        FRESHET_TRY(execute(database, "UPDATE datasets SET rows = ? WHERE id = ?",
                            {bound(change.rows->value()), bound(change.id)}));
    if (change.storedBytes)
        FRESHET_TRY(execute(database, "UPDATE datasets SET stored_bytes = ? WHERE id = ?",
                            {bound(change.storedBytes->value()), bound(change.id)}));
    if (change.error)
        FRESHET_TRY(execute(database, "UPDATE datasets SET error = ? WHERE id = ?",
                            {bound(*change.error), bound(change.id)}));
    return {};
}

} // namespace

Result<std::int64_t> applyChange(QSqlDatabase &database, const CatalogueChange &change)
{
    for (const int number : change.droppedParts)
        FRESHET_TRY(execute(database, "DELETE FROM parts WHERE dataset = ? AND number = ?",
                            {bound(change.id), bound(std::int64_t(number))}));
    for (const CataloguePart &part : change.parts)
        FRESHET_TRY(updatePart(database, change.id, part));
    FRESHET_TRY(addSuperseded(database, change));
    FRESHET_TRY(addRejects(database, change));
    if (change.progress)
        FRESHET_TRY(storeProgress(database, change.id, *change.progress));
    if (change.final)
        FRESHET_TRY(storeFinal(database, change.id, *change.final));
    FRESHET_TRY(storeFigures(database, change));
    if (change.final)
        FRESHET_TRY(endRun(database, change));
    auto updated = execute(database,
                           "UPDATE datasets SET updated = ?, revision = revision + 1"
                           " WHERE id = ? AND removed = 0 RETURNING revision",
                           {bound(millisNow()), bound(change.id)});
    if (!updated)
        return fail(std::move(updated).error());
    if (!updated->next()) {
        return fail(ErrorCode::DatasetNotFound,
                    "the dataset " + change.id + " was removed from the library");
    }
    return numberAt(*updated, 0);
}

} // namespace freshet::store
