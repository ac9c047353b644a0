// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/dataset_impl.h"
#include "store/file_lock.h"
#include "store/library.h"
#include "store/library_core.h"
#include "store/part_writer.h"

#include <chrono>
#include <optional>
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

    Impl(std::shared_ptr<LibraryCore> library, FileLock datasetLock, std::shared_ptr<Dataset> shown,
         DatasetState start);
    ~Impl();

    [[nodiscard]] Status add(columnar::RecordBatch batch);
    /// Write the pending rows as one batch of the current part.
    [[nodiscard]] Status flush();
    /// Write to a tail file what of the pending rows stands in none.
    [[nodiscard]] Status storeTail();
    /// Sync the files, then tell the catalogue about them and `change` in one transaction.
    [[nodiscard]] Status record(CatalogueChange change);
    [[nodiscard]] Status commit(const CommitPoint &point);
    [[nodiscard]] Status finish(const FinalState &final);

    /// Take over what an earlier writer left.
    [[nodiscard]] Status adopt(const std::vector<CataloguePart> &parts);

private:
    [[nodiscard]] RowCount pendingRows() const { return state.rows - state.fileRows; }
    [[nodiscard]] bool isFull() const;
    [[nodiscard]] Result<columnar::RecordBatch> pendingBatch() const;
    [[nodiscard]] Status joinPending();
    void adoptSchema(const columnar::SchemaPtr &schema);
    [[nodiscard]] Status openPart();
    [[nodiscard]] Status closePart();
    [[nodiscard]] Status syncFiles();
    void retireTails();
    void deleteDropped();
    void publish(bool grew) { dataset->m_impl->publish(state, grew); }
    void release();

    std::shared_ptr<LibraryCore> core;
    FileLock lock;
    std::filesystem::path folder;
    DatasetState state; ///< the one to be published next
    int nextNumber = 1;
    std::optional<CataloguePart> resumable; ///< the last part of an earlier writer
    std::optional<PartWriter> part;
    std::vector<PartWriter> closedParts; ///< that the catalogue has not heard of
    std::optional<PartWriter> tailFile;
    std::vector<int> tailNumbers; ///< files that hold the first `tailRows` pending rows
    RowCount tailRows;
    std::vector<int> droppedTails; ///< to be forgotten by the catalogue, then deleted
    bool hasNewFiles = false;
    /// A failed sync may have lost pages for good; asking again could wrongly succeed.
    std::optional<Error> syncFailure;
    ByteCount closedBytes;

public:
    std::shared_ptr<Dataset> dataset;
    std::vector<StoredReject> rejects;
    std::chrono::steady_clock::time_point lastCommit = std::chrono::steady_clock::now();
};

} // namespace freshet::store
