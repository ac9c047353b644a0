// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/schema.h"
#include "store/arrow_file.h"
#include "store/deleted_rows.h"
#include "store/library.h"
#include "store/sql_thread.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace freshet::store {

/// One Arrow file of a dataset. Parts in the order of their numbers hold the rows in order.
struct CataloguePart
{
    int number = 0;
    /// A small file with the newest rows, which is dropped once they stand in a part (see
    /// DatasetWriter).
    bool isTail = false;
    ByteCount length;     ///< up to the last committed batch
    ByteCount fileLength; ///< with the footer; 0 while there is none
    /// Of what stands behind `length`; unset without a footer, and in libraries of version 2.
    std::optional<std::uint64_t> footerChecksum = std::nullopt;
    columnar::SchemaPtr schema;
    /// The schema message that the file begins with, behind its magic; only when read.
    std::string schemaMessage = {};
    std::vector<ArrowBlock> blocks; ///< all of them when read, the new ones when committed
    std::map<std::size_t, DeletedRowsPtr> deleted; ///< by index in `blocks`; only when read
};

/// What a dataset consists of, as of one commit.
struct CatalogueContents
{
    std::vector<CataloguePart> parts;
    /// See DatasetRecord.
    std::optional<RowIndex> unmergedFrom;
    std::int64_t revision = 0;
};

/// A new deletion vector for one batch.
struct SupersededBlock
{
    int part = 0;
    std::int64_t number = 0; ///< of the batch within the part, from 1
    DeletedRowsPtr deleted;
};

/// A dataset as it stands in the catalogue.
struct CatalogueEntry
{
    DatasetRecord record;
    bool isWriting = false;    ///< a writer began and has not finished
    std::int64_t revision = 0; ///< grows with each commit
};

/// What one transaction changes. Absent members stay as they are.
struct CatalogueChange
{
    std::string id;
    std::vector<CataloguePart> parts; ///< added, or updated with new blocks behind the known ones
    std::vector<int> droppedParts;
    std::vector<SupersededBlock> superseded;
    std::vector<StoredReject> rejects;
    std::optional<RowCount> rows;
    std::optional<ByteCount> storedBytes;
    std::optional<CommitPoint> progress;
    std::optional<FinalState> final; ///< also ends the writing, and its run
    std::string schemaDifference;    ///< of that run
    std::optional<std::string> error;
};

/// The tables of `library.sqlite`.
///
/// Each change is one transaction that is on the disk when the call returns. Errors: DiskFull,
/// IoError, LibraryBusy, LibraryDamaged, each naming the file; a failed change changes nothing.
/// Threads: thread-safe; calls wait for each other.
class Catalogue
{
public:
    [[nodiscard]] static Result<std::shared_ptr<Catalogue>> open(const std::filesystem::path &file);
    /// Where nothing may be written: see `readOnlyDatabase`. Changes fail.
    [[nodiscard]] static Result<std::shared_ptr<Catalogue>>
    openReadOnly(const std::filesystem::path &file);

    /// All that are not removed, newest first.
    [[nodiscard]] Result<std::vector<CatalogueEntry>> list();
    /// By id, else by name. Errors: DatasetNotFound.
    [[nodiscard]] Result<CatalogueEntry> find(const std::string &idOrName);
    [[nodiscard]] Result<bool> hasName(const std::string &name);
    [[nodiscard]] Result<CatalogueContents> contents(const std::string &id);
    /// Those [from, from + limit) in the order they came.
    [[nodiscard]] Result<std::vector<StoredReject>> rejects(const std::string &id,
                                                            std::int64_t limit, std::int64_t from);
    [[nodiscard]] Result<std::int64_t> rejectCount(const std::string &id);
    /// Oldest first.
    [[nodiscard]] Result<std::vector<RunRecord>> runs(const std::string &id);
    /// Ids of datasets whose files are still to be deleted.
    [[nodiscard]] Result<std::vector<std::string>> removed();

    /// Also begins the first run. Errors: InvalidArgument if the name is taken.
    [[nodiscard]] Status insert(const DatasetRecord &record);
    /// A writer goes on with a dataset that has a verdict already: forget that, begin a run.
    [[nodiscard]] Status beginWriting(const std::string &id, const RunStart &run);
    [[nodiscard]] Status addRun(const std::string &id, const RunRecord &run);
    /// Output: the dataset's new revision.
    [[nodiscard]] Result<std::int64_t> apply(const CatalogueChange &change);
    [[nodiscard]] Status rename(const std::string &id, const std::string &name);
    [[nodiscard]] Status markRemoved(const std::string &id);
    /// Delete the rows of a dataset whose files are gone.
    [[nodiscard]] Status erase(const std::string &id);

private:
    explicit Catalogue(std::unique_ptr<SqlThread> sql) : m_sql(std::move(sql)) {}
    std::unique_ptr<SqlThread> m_sql;
};

} // namespace freshet::store
