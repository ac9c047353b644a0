// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "store/dataset.h"
#include "store/run_record.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace freshet::store {

/// What the catalogue knows of a dataset. Texts that other layers make are kept as they are.
struct DatasetRecord
{
    std::string id;   ///< stable, also the folder's name
    std::string name; ///< unique among the library's datasets; shown, and given on the command line
    std::string source;  ///< URL or path without secrets
    std::string request; ///< the whole request as JSON without secrets, to fetch again
    std::string state;   ///< `transfer::TransferState` by name
    std::string verdict; ///< `verified`, `ended`, `incomplete` or empty while running
    std::vector<std::string> evidence;
    std::string resumePoint;                  ///< as JSON; empty if there is none
    std::string error;                        ///< one line, empty if none
    std::map<std::string, std::string> facts; ///< figures of the last run (timing, bytes, format …)
    RowCount rows;                            ///< as readers see them
    /// Committed by a run that compares by key, which was cut short before it did: readers do not
    /// see them until another run has done it, so that no key is there twice (see RunStart).
    RowCount unmergedRows;
    RowCount rejected;
    ByteCount wireBytes;
    ByteCount decodedBytes;
    ByteCount storedBytes;
    std::optional<RowIndex> unmergedFrom; ///< where these rows begin
    std::chrono::system_clock::time_point created;
    std::chrono::system_clock::time_point updated;
};

/// What goes into one transaction together with the rows before it.
struct CommitPoint
{
    std::string state;
    std::string resumePoint;
    std::vector<std::string> evidence;
    ByteCount wireBytes;
    ByteCount decodedBytes;
};

/// What stands in the catalogue when a writer is done.
struct FinalState
{
    std::string state;
    std::string verdict;
    std::vector<std::string> evidence;
    std::string resumePoint;
    std::string error;
    std::map<std::string, std::string> facts;
    ByteCount wireBytes;
    ByteCount decodedBytes;
    /// What the run did by key; without it every row of the run counts as added.
    std::optional<RunFigures> figures;
    /// False: the new rows are still to be compared by key with the older ones.
    bool isReconciled = true;
};

class Library;
struct DatasetCheck;

/// Appends rows to one dataset. Appended rows are visible at once and durable after the next
/// commit.
///
/// Commit: append to the part file → fdatasync → one SQLite transaction with the length, the rows
/// and the caller's CommitPoint (design §5). Small batches are written together; rows that do not
/// fill a batch when a commit is due go to a small tail file, which is dropped in the commit that
/// has their full batch. So a part holds full batches however slowly rows come, and row positions
/// never change. A new type or column starts a new part file.
/// Without `finish()` (crash, exception) the dataset keeps everything committed.
/// Threads: one thread at a time.
class DatasetWriter
{
public:
    ~DatasetWriter();
    [[nodiscard]] std::shared_ptr<Dataset> dataset() const;

    /// Errors: DiskFull, IoError …; rows appended before stay readable and committed ones durable.
    [[nodiscard]] Status append(columnar::RecordBatch batch);
    void addReject(StoredReject reject);
    /// Take rows out, as newer ones stand for them. `rows` ascends and counts as `dataset()` shows
    /// them now. In effect, for readers and after a crash alike, with the next commit, together
    /// with the rows appended before it; row numbers move up then.
    /// Errors: InvalidArgument for rows out of order or out of range; those of `append`.
    [[nodiscard]] Status supersede(std::span<const RowIndex> rows);
    /// Take out all but the last `rows` rows, in effect as with `supersede`, and delete the files
    /// of which no row is left then. To be called right before a commit. Output: how many are taken
    /// out. Errors: those of `append`.
    [[nodiscard]] Result<RowCount> keepLast(RowCount rows);
    [[nodiscard]] bool isCommitDue() const;
    /// Commit if one is due: after `kCommitInterval`, later on a slow disk. Output: whether it did.
    [[nodiscard]] Result<bool> commitIfDue(const CommitPoint &point);
    [[nodiscard]] Status commit(const CommitPoint &point);
    /// Commit everything, close the part file with its footer, free the lock.
    [[nodiscard]] Status finish(const FinalState &state);
    /// Behind `finish`, be it that it failed: the rows that readers find from now on.
    [[nodiscard]] RowCount keptRows() const;

    static constexpr std::chrono::milliseconds kCommitInterval{250};

private:
    friend class Library;
    struct Impl;
    explicit DatasetWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// A folder of datasets with its SQLite catalogue (WAL, synchronous=FULL).
///
/// Layout: `DIR/library.sqlite`, `DIR/datasets/<id>/part-000001.arrow`, `tail-000002.arrow` …, each
/// an Arrow IPC file; `DIR/library.lock` and `DIR/datasets/<id>/lock` (flock) keep writers apart.
/// On open, datasets whose writer died are cut back to their last commit and marked incomplete,
/// unless another process is writing them; a dataset whose committed bytes are gone gets an error
/// and leaves the others alone. Several processes may share a library; each dataset has one
/// writer. Threads: thread-safe.
class Library
{
public:
    /// Open the library in `folder`, creating it if need be.
    /// One that this process may not write is opened for reading, whether others write it or not.
    /// Errors: PermissionDenied, DiskFull, LibraryDamaged …, each naming the path.
    [[nodiscard]] static Result<std::shared_ptr<Library>> open(const std::filesystem::path &folder);
    ~Library();
    /// All that changes something then fails with PermissionDenied.
    [[nodiscard]] bool isReadOnly() const;

    [[nodiscard]] const std::filesystem::path &folder() const;
    /// Of the dataset with this id. What others keep in it is theirs to read, and goes with it.
    [[nodiscard]] std::filesystem::path folderOf(const std::string &id) const;
    /// All datasets, newest first.
    [[nodiscard]] Result<std::vector<DatasetRecord>> list() const;
    /// By id or by name. Errors: DatasetNotFound.
    [[nodiscard]] Result<DatasetRecord> find(const std::string &idOrName) const;
    /// `name` if it is free, else `name-2`, `name-3` …
    [[nodiscard]] Result<std::string> freeName(const std::string &name) const;

    /// Start a new dataset; name, source, request and state are taken from `record`.
    [[nodiscard]] Result<std::unique_ptr<DatasetWriter>> create(const DatasetRecord &record);
    /// Go on writing an existing one after its last committed row. Errors: LibraryBusy.
    [[nodiscard]] Result<std::unique_ptr<DatasetWriter>> append(const std::string &id,
                                                                const RunStart &run = {});
    /// The writings of a dataset, oldest first.
    [[nodiscard]] Result<std::vector<RunRecord>> runs(const std::string &id) const;
    /// Keep a run that found nothing to write; its number is given here. The dataset stays as it
    /// is.
    [[nodiscard]] Status addRun(const std::string &id, const RunRecord &run);
    [[nodiscard]] Result<std::shared_ptr<Dataset>> dataset(const std::string &id);
    /// Committed rows and unmerged ones: what a writer goes on behind.
    [[nodiscard]] Result<DatasetSnapshot> everyRow(const std::string &id);
    /// Bad rows [from, from + limit) in the order they came.
    [[nodiscard]] Result<std::vector<StoredReject>>
    rejects(const std::string &id, std::int64_t limit, std::int64_t from = 0) const;
    /// Read a dataset's files again and hold them to the catalogue (see `checkDataset`).
    [[nodiscard]] Result<DatasetCheck>
    check(const std::string &idOrName, const CancelToken &cancel,
          const std::function<void(RowCount done, RowCount total)> &progress = {}) const;
    [[nodiscard]] Status rename(const std::string &id, const std::string &name);
    /// Where a writer may keep files on the way to rows, such as a download; made by who needs it.
    /// Goes with the dataset; a writer that is done with it removes it.
    [[nodiscard]] std::filesystem::path workFolder(const std::string &id) const;
    /// Remove the dataset and its files. Errors: LibraryBusy while it is being written.
    [[nodiscard]] Status remove(const std::string &id);

    /// Bounds the memory of decompressed columns that the library's datasets share.
    void setCacheCapacity(ByteCount capacity);
    static constexpr ByteCount kDefaultCacheCapacity = 64_MiB;

private:
    struct Impl;
    explicit Library(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::store
