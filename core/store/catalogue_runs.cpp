// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/catalogue_runs.h"

#include "store/catalogue_text.h"
#include "store/sql_statement.h"

namespace freshet::store {

namespace {

std::int64_t millisOf(std::chrono::system_clock::time_point time)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

/// Take out the dataset's bad rows but the first `count`.
Status keepRejects(QSqlDatabase &database, const std::string &id, std::int64_t count)
{
    FRESHET_TRY(execute(database,
                        "DELETE FROM rejects WHERE dataset = ? AND number IN"
                        " (SELECT number FROM rejects WHERE dataset = ?"
                        "  ORDER BY number LIMIT -1 OFFSET ?)",
                        {bound(id), bound(id), bound(count)}));
    FRESHET_TRY(execute(database,
                        "UPDATE datasets SET rejected ="
                        " (SELECT count(*) FROM rejects WHERE dataset = ?) WHERE id = ?",
                        {bound(id), bound(id)}));
    return {};
}

} // namespace

Status beginRun(QSqlDatabase &database, const std::string &id, const RunStart &run)
{
    if (!run.source.empty())
        FRESHET_TRY(execute(database, "UPDATE datasets SET source = ? WHERE id = ?",
                            {bound(run.source), bound(id)}));
    if (!run.request.empty())
        FRESHET_TRY(execute(database, "UPDATE datasets SET request = ? WHERE id = ?",
                            {bound(run.request), bound(id)}));
    // Rows that an earlier run left to be compared are compared by this one, too.
    if (run.reconciles)
        FRESHET_TRY(execute(database,
                            "UPDATE datasets SET unreconciled_from = rows"
                            " WHERE id = ? AND unreconciled_from < 0",
                            {bound(id)}));
    if (run.keptRejects)
        FRESHET_TRY(keepRejects(database, id, *run.keptRejects));
    FRESHET_TRY(execute(
        database,
        "INSERT INTO runs (dataset, number, kind, source, started, rows_before)"
        " SELECT id, (SELECT coalesce(max(number), 0) + 1 FROM runs WHERE dataset = datasets.id),"
        " ?, source, ?, CASE WHEN unreconciled_from < 0 THEN rows ELSE unreconciled_from END"
        " FROM datasets WHERE id = ?",
        {bound(run.kind), bound(millisNow()), bound(id)}));
    return {};
}

/// Rows that are still to be compared by key count for the run that compares them.
Status endRun(QSqlDatabase &database, const CatalogueChange &change)
{
    const FinalState &final = *change.final;
    const RunFigures figures = final.figures.value_or(RunFigures());
    FRESHET_TRY(execute(
        database,
        "UPDATE runs SET finished = ?, wire_bytes = ?, verdict = ?, evidence = ?, error = ?,"
        " schema_difference = ?, updated = ?, duplicates = ?,"
        " added = CASE ? WHEN 1 THEN ? ELSE"
        " (SELECT CASE WHEN unreconciled_from < 0 THEN rows ELSE unreconciled_from END"
        " FROM datasets WHERE id = runs.dataset) - rows_before END"
        " WHERE dataset = ? AND number = (SELECT max(number) FROM runs WHERE dataset = ?)",
        {bound(millisNow()), bound(final.wireBytes.value()), bound(final.verdict),
         bound(jsonFromSentences(final.evidence)), bound(final.error),
         bound(change.schemaDifference), bound(figures.updated.value()),
         bound(figures.duplicates.value()), bound(std::int64_t(final.figures.has_value())),
         bound(figures.added.value()), bound(change.id), bound(change.id)}));
    return {};
}

Status insertRun(QSqlDatabase &database, const std::string &id, const RunRecord &run)
{
    FRESHET_TRY(execute(
        database,
        "INSERT INTO runs (dataset, number, kind, source, started, finished, rows_before, added,"
        " updated, duplicates, wire_bytes, verdict, evidence, error, schema_difference)"
        " SELECT id, (SELECT coalesce(max(number), 0) + 1 FROM runs WHERE dataset = datasets.id),"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM datasets WHERE id = ?",
        {bound(run.kind), bound(run.source), bound(millisOf(run.started)),
         bound(run.finished ? millisOf(*run.finished) : 0), bound(run.rowsBefore.value()),
         bound(run.figures.added.value()), bound(run.figures.updated.value()),
         bound(run.figures.duplicates.value()), bound(run.wireBytes.value()), bound(run.verdict),
         bound(jsonFromSentences(run.evidence)), bound(run.error), bound(run.schemaDifference),
         bound(id)}));
    return {};
}

} // namespace freshet::store
