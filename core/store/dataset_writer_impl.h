// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/commit_pace.h"
#include "store/dataset_impl.h"
#include "store/file_lock.h"
#include "store/library.h"
#include "store/library_core.h"
#include "store/part_writer.h"
#include "store/schema_difference.h"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace freshet::store {

/// How rows get to the disk:
///
/// \code
///   append ─▶ pending batches (in memory, visible) ──full──▶ one batch in the part file
///                    │ commit before they are full                     │
///                    ▼                                                 ▼
///             tail file (small batches) ── dropped in the commit that has the part's batch
/// \endcode
///
/// So parts hold full batches only (but for the last one), however slowly rows come in, and a
/// commit writes each new row once more at most. The pending rows stay in memory until their batch
/// is written; snapshots read them there.
struct DatasetWriter::Impl
{
    /// Pending rows are full at half the rows of a batch, so that sealed batches of a fast download
    /// are written as they come, or at so many bytes.
    static constexpr ByteCount kFullBytes = 8_MiB;
    /// A commit writes pending rows of this size to the part instead of the tail file.
    static constexpr ByteCount kDirectBytes = 2_MiB;
    /// Pending batches in memory are joined above this count, batches of a tail file as well.
    static constexpr std::size_t kMaxPendingBatches = 64;
    static constexpr std::size_t kMaxTailBlocks = 256;
    /// Rows are committed after so long, however slow the disk is.
    static constexpr std::chrono::seconds kLongestInterval{5};
    /// Where only the last rows are kept, parts have so many at least, and about a quarter of them.
    static constexpr std::int64_t kLeastRingPart = 65'536;

    Impl(std::shared_ptr<LibraryCore> library, FileLock datasetLock, std::shared_ptr<Dataset> shown,
         DatasetState start);
    ~Impl();

    /// Take over what an earlier writer left.
    [[nodiscard]] Status adopt(const std::vector<CataloguePart> &parts);

    /// Rows behind those that are here are unmerged until `finish` says otherwise.
    void comparesByKey();

    [[nodiscard]] const std::shared_ptr<Dataset> &dataset() const { return m_dataset; }
    [[nodiscard]] Status add(columnar::RecordBatch batch);
    [[nodiscard]] Status supersede(std::span<const RowIndex> rows);
    [[nodiscard]] Result<RowCount> keepLast(RowCount rows);
    void addReject(StoredReject reject) { m_rejects.push_back(std::move(reject)); }
    [[nodiscard]] bool isCommitDue() const;
    [[nodiscard]] Status commit(const CommitPoint &point);
    [[nodiscard]] Status finish(const FinalState &final);
    [[nodiscard]] RowCount keptRows() const { return m_keptRows; }

private:
    [[nodiscard]] RowCount pendingRows() const { return m_state.rows - m_state.fileRows; }
    [[nodiscard]] bool isFull() const;
    [[nodiscard]] Result<columnar::RecordBatch> pendingBatch() const;
    [[nodiscard]] Status joinPending();
    bool adoptSchema(const columnar::SchemaPtr &schema);
    [[nodiscard]] Status openPart();
    [[nodiscard]] Status closePart();
    /// Write the pending rows as one batch of the current part.
    [[nodiscard]] Status flush();
    /// Write to a tail file what of the pending rows stands in none.
    [[nodiscard]] Status storeTail();
    /// Begin another part where the current one has rows enough for a ring.
    [[nodiscard]] Status endRingPart();
    void retireTails();
    [[nodiscard]] Status syncFiles();
    /// Sync the files, then tell the catalogue about them and `change` in one transaction.
    [[nodiscard]] Status record(CatalogueChange change);
    void deleteDropped();
    [[nodiscard]] RowCount supersededRows() const;
    void tellFailure(FinalState final, const Error &error);
    /// Rows of a batch that are left once the next commit is made.
    [[nodiscard]] RowCount rowsLeft(std::size_t block) const;
    [[nodiscard]] std::vector<SupersededBlock>
    supersededBlocks(const std::set<std::size_t> &dropped) const;
    /// The parts of which the next commit leaves nothing, by index in the state's parts.
    [[nodiscard]] std::set<std::size_t> partsToDrop() const;
    void deleteParts(const std::set<std::size_t> &dropped);
    void publish(bool grew) { m_dataset->m_impl->publish(m_state, grew); }
    void release();

    std::shared_ptr<LibraryCore> m_core;
    FileLock m_lock;
    std::filesystem::path m_folder;
    std::shared_ptr<Dataset> m_dataset;
    DatasetState m_state; ///< the one to be published next
    bool m_isFinished = false;
    RowCount m_keptRows; ///< once it is finished

    int m_nextNumber = 1;
    std::optional<CataloguePart> m_resumable; ///< the last part of an earlier writer
    std::optional<PartWriter> m_part;
    std::vector<PartWriter> m_closedParts; ///< that the catalogue has not heard of
    ByteCount m_closedBytes;

    std::optional<PartWriter> m_tailFile;
    std::vector<int> m_tailNumbers; ///< files that hold the first `m_tailRows` pending rows
    RowCount m_tailRows;
    std::vector<int> m_droppedTails; ///< to be forgotten by the catalogue, then deleted

    /// To be in effect with the next commit, by index in the state's blocks.
    std::map<std::size_t, DeletedRowsPtr> m_superseded;
    /// Only so many rows are kept: parts are then small enough to be dropped one by one.
    std::optional<RowCount> m_ring;
    SchemaWatch m_watch;

    std::vector<StoredReject> m_rejects;
    bool m_hasNewFiles = false;
    /// A failed sync may have lost pages for good; asking again could wrongly succeed.
    std::optional<Error> m_syncFailure;
    CommitPace m_pace{kCommitInterval, kLongestInterval, CommitPace::Clock::now()};
};

} // namespace freshet::store
