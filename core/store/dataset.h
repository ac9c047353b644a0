// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/strong_types.h"
#include "columnar/record_batch.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace freshet::store {

struct DatasetState;

/// Rows [first, first + rows) of a dataset lie together in one batch.
struct BatchExtent
{
    RowIndex first;
    RowCount rows;
};

/// What a dataset holds at one moment: committed batches in files, then the live tail in memory.
/// It stays readable and unchanged while the writer goes on.
///
/// Threads: thread-safe, immutable. Lifetime: keeps its files open and its tail in memory.
class DatasetSnapshot
{
public:
    DatasetSnapshot();
    [[nodiscard]] const columnar::SchemaPtr &schema() const;
    [[nodiscard]] RowCount rowCount() const;
    /// How many of the rows are committed, that is survive a crash.
    [[nodiscard]] RowCount committedRows() const;
    /// As long as it stays the same, a later snapshot has these rows at the same numbers, and more.
    [[nodiscard]] std::uint64_t numbering() const;
    [[nodiscard]] std::int64_t batchCount() const;
    [[nodiscard]] BatchExtent extent(std::int64_t batch) const;
    /// The batch that holds `row`, by binary search. `row` lies in [0, rowCount()).
    [[nodiscard]] std::int64_t batchOf(RowIndex row) const;

    /// One column of one batch under the snapshot's schema (widened, absent columns filled). Reads
    /// and decompresses only that column's buffers, through the bounded cache. Errors: IoError,
    /// LibraryDamaged with the file and byte offset.
    [[nodiscard]] Result<columnar::Column> column(std::int64_t batch, int column) const;
    /// The same for whoever reads the whole dataset: uses what the cache has, but does not push
    /// other columns out of it.
    [[nodiscard]] Result<columnar::Column> scannedColumn(std::int64_t batch, int column) const;
    /// The column if it is in memory already (tail or cache); never touches the disk.
    [[nodiscard]] std::optional<columnar::Column> cachedColumn(std::int64_t batch,
                                                               int column) const;
    /// Several columns of a batch, in the order asked for, each as by `scannedColumn`.
    [[nodiscard]] Result<columnar::RecordBatch> batch(std::int64_t batch,
                                                      std::span<const int> columns) const;

    /// The same without rows that a run under way is still to compare by key with those before
    /// them: no key is there twice. What exports and queries are made of.
    [[nodiscard]] DatasetSnapshot merged() const;

    /// Every batch in order, with these columns (all if empty); does not fill the cache.
    [[nodiscard]] std::unique_ptr<columnar::BatchReader> scan(std::vector<int> columns = {}) const;

private:
    friend class Dataset;
    friend class Library;
    explicit DatasetSnapshot(std::shared_ptr<const DatasetState> state);
    std::shared_ptr<const DatasetState> m_state;
};

/// A row that was refused, as kept in the library.
struct StoredReject
{
    std::int64_t line = 0;
    std::int64_t byteOffset = 0;
    std::string code;
    std::string reason;
    std::string rawText;
};

/// One dataset, shared by its writer and any number of readers in this process.
/// Threads: thread-safe.
class Dataset
{
public:
    ~Dataset();
    [[nodiscard]] const std::string &id() const;
    /// Cheap; a new one is worth taking once per frame.
    [[nodiscard]] DatasetSnapshot snapshot() const;
    /// Grows by one whenever rows or columns were added; compare to know whether to redraw.
    [[nodiscard]] std::uint64_t generation() const;

private:
    friend class Library;
    friend class DatasetWriter;
    struct Impl;
    explicit Dataset(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::store
