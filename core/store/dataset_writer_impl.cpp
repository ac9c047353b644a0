// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset_writer_impl.h"

#include <algorithm>

namespace freshet::store {

using columnar::RecordBatch;

DatasetWriter::Impl::Impl(std::shared_ptr<LibraryCore> library, FileLock datasetLock,
                          std::shared_ptr<Dataset> shown, DatasetState start)
    : core(std::move(library)),
      lock(std::move(datasetLock)),
      folder(core->folderOf(shown->id())),
      state(std::move(start)),
      dataset(std::move(shown))
{
    dataset->m_impl->setWritten(true);
}

DatasetWriter::Impl::~Impl()
{
    release();
}

void DatasetWriter::Impl::release()
{
    dataset->m_impl->setWritten(false);
    lock.release();
}

/// Widen the dataset's schema to hold `schema` as well.
void DatasetWriter::Impl::adoptSchema(const columnar::SchemaPtr &schema)
{
    if (schema == state.schema || *schema == *state.schema)
        return;
    auto wider = columnar::unifySchemas(state.schema, schema);
    if (*wider != *state.schema)
        state.setSchema(*wider == *schema ? schema : std::move(wider));
}

Status DatasetWriter::Impl::add(RecordBatch batch)
{
    adoptSchema(batch.schema);
    // Equal schemas share one object from here on, which makes comparing them cheap.
    if (batch.schema != state.schema && *batch.schema == *state.schema)
        batch.schema = state.schema;
    const bool grew = batch.rowCount != 0;
    if (grew && pendingRows().value() + batch.rowCount > columnar::kMaxBatchRows)
        FRESHET_TRY(flush());
    if (grew)
        state.addTail(std::make_shared<const RecordBatch>(std::move(batch)));
    if (state.tail.size() > kMaxPendingBatches)
        FRESHET_TRY(joinPending());
    publish(true);
    return isFull() ? flush() : Status();
}

bool DatasetWriter::Impl::isFull() const
{
    return pendingRows().value() * 2 > columnar::kMaxBatchRows || state.tailMemory() >= kFullBytes;
}

/// All pending rows under the present schema.
Result<RecordBatch> DatasetWriter::Impl::pendingBatch() const
{
    std::vector<RecordBatch> batches;
    batches.reserve(state.tail.size());
    for (const TailBatch &tail : state.tail) {
        if (tail.batch->schema == state.schema) {
            batches.push_back(*tail.batch);
            continue;
        }
        auto conformed = columnar::conform(*tail.batch, state.schema);
        if (!conformed)
            return fail(std::move(conformed).error());
        batches.push_back(std::move(*conformed));
    }
    if (batches.size() == 1)
        return std::move(batches.front());
    return columnar::concatenate(batches);
}

Status DatasetWriter::Impl::joinPending()
{
    auto joined = pendingBatch();
    if (!joined)
        return fail(std::move(joined).error());
    state.clearTail();
    state.addTail(std::make_shared<const RecordBatch>(std::move(*joined)));
    return {};
}

Status DatasetWriter::Impl::openPart()
{
    if (!part && resumable && *resumable->schema == *state.schema) {
        auto resumed = PartWriter::resume(folder, *resumable);
        if (!resumed)
            return fail(std::move(resumed).error());
        closedBytes -= resumable->fileLength;
        part = std::move(*resumed);
        resumable.reset();
    }
    if (part && *part->schema() == *state.schema)
        return {};
    FRESHET_TRY(closePart());
    auto created = PartWriter::create(folder, nextNumber, false, state.schema);
    if (!created)
        return fail(std::move(created).error());
    ++nextNumber;
    hasNewFiles = true;
    part = std::move(*created);
    state.addPart(std::make_shared<const DatasetPart>(part->path(), part->schema()));
    return {};
}

Status DatasetWriter::Impl::closePart()
{
    if (!part)
        return {};
    FRESHET_TRY(part->close());
    closedBytes += part->length();
    closedParts.push_back(std::move(*part));
    part.reset();
    return {};
}

Status DatasetWriter::Impl::flush()
{
    if (state.tail.empty())
        return {};
    const auto batch = pendingBatch();
    if (!batch)
        return fail(batch.error());
    FRESHET_TRY(openPart());
    FRESHET_TRY(part->append(*batch));
    retireTails();
    state.clearTail();
    state.addBlock(part->blocks().back());
    publish(false);
    return {};
}

void DatasetWriter::Impl::retireTails()
{
    droppedTails.insert(droppedTails.end(), tailNumbers.begin(), tailNumbers.end());
    tailNumbers.clear();
    tailFile.reset();
    tailRows = RowCount();
}

Status DatasetWriter::Impl::storeTail()
{
    if (pendingRows() == tailRows)
        return {};
    auto batch = pendingBatch();
    if (!batch)
        return fail(std::move(batch).error());
    const bool fits = tailFile && *tailFile->schema() == *state.schema &&
                      tailFile->blocks().size() < kMaxTailBlocks;
    if (!fits) {
        auto created = PartWriter::create(folder, nextNumber, true, state.schema);
        if (!created)
            return fail(std::move(created).error());
        FRESHET_TRY(created->append(*batch));
        retireTails();
        tailNumbers.push_back(nextNumber++);
        hasNewFiles = true;
        tailFile = std::move(*created);
    } else {
        FRESHET_TRY(tailFile->append(
            columnar::sliceBatch(*batch, tailRows.value(), (pendingRows() - tailRows).value())));
    }
    tailRows = pendingRows();
    return {};
}

Status DatasetWriter::Impl::syncFiles()
{
    if (syncFailure)
        return fail(*syncFailure);
    const auto sync = [this]() -> Status {
        if (part)
            FRESHET_TRY(part->sync());
        if (tailFile)
            FRESHET_TRY(tailFile->sync());
        return hasNewFiles ? syncFolder(folder) : Status();
    };
    auto synced = sync();
    if (!synced)
        syncFailure = synced.error();
    else
        hasNewFiles = false;
    return synced;
}

Status DatasetWriter::Impl::record(CatalogueChange change)
{
    FRESHET_TRY(syncFiles());
    change.id = dataset->id();
    for (const PartWriter &closed : closedParts) {
        if (closed.hasNews())
            change.parts.push_back(closed.news());
    }
    ByteCount stored = closedBytes;
    for (const auto *writer : {&part, &tailFile}) {
        if (*writer && (*writer)->hasNews())
            change.parts.push_back((*writer)->news());
        if (*writer)
            stored += (*writer)->length();
    }
    change.droppedParts = droppedTails;
    change.rejects = rejects;
    change.rows = state.fileRows + tailRows;
    change.storedBytes = stored;
    const auto revision = core->catalogue->apply(change);
    if (!revision)
        return fail(revision.error());

    closedParts.clear();
    for (auto *writer : {&part, &tailFile}) {
        if (*writer)
            (*writer)->markRecorded();
    }
    rejects.clear();
    deleteDropped();
    state.committedRows = *change.rows;
    dataset->m_impl->revision = *revision;
    publish(false);
    lastCommit = std::chrono::steady_clock::now();
    return {};
}

/// A file that cannot be deleted now is an orphan that the next recovery deletes.
void DatasetWriter::Impl::deleteDropped()
{
    for (const int number : droppedTails) {
        std::error_code ignored;
        std::filesystem::remove(folder / partFileName(number, true), ignored);
    }
    droppedTails.clear();
}

Status DatasetWriter::Impl::commit(const CommitPoint &point)
{
    if (state.tailMemory() >= kDirectBytes)
        FRESHET_TRY(flush());
    FRESHET_TRY(storeTail());
    return record({.progress = point});
}

Status DatasetWriter::Impl::finish(const FinalState &final)
{
    const auto storeAll = [&]() -> Status {
        FRESHET_TRY(flush());
        FRESHET_TRY(closePart());
        return record({.final = final});
    };
    auto stored = storeAll();
    if (!stored) {
        // The rows of the last commit are safe; say openly that those behind it are not.
        FinalState failed = final;
        failed.state = "Incomplete";
        failed.verdict = "incomplete";
        failed.error = stored.error().toString();
        failed.evidence.insert(failed.evidence.begin(),
                               std::to_string((state.rows - state.committedRows).value()) +
                                   " rows could not be stored: " + stored.error().toString());
        // Should this fail too, the next open finds the dataset without its end and says so.
        static_cast<void>(
            core->catalogue->apply({.id = dataset->id(), .final = std::move(failed)}));
    }
    release();
    return stored;
}

Status DatasetWriter::Impl::adopt(const std::vector<CataloguePart> &parts)
{
    for (const CataloguePart &known : parts) {
        nextNumber = std::max(nextNumber, known.number + 1);
        if (!known.isTail) {
            closedBytes += known.fileLength;
            resumable = known;
            continue;
        }
        adoptSchema(known.schema);
        const DatasetPart file(folder / partFileName(known.number, true), known.schema);
        for (const ArrowBlock &block : known.blocks) {
            RecordBatch batch{.schema = known.schema, .rowCount = block.rows.value()};
            for (int column = 0; column < known.schema->columnCount(); ++column) {
                auto read = file.column(block, column);
                if (!read)
                    return fail(std::move(read).error());
                batch.columns.push_back(std::move(*read));
            }
            state.addTail(std::make_shared<const RecordBatch>(std::move(batch)));
            tailRows += block.rows;
        }
        tailNumbers.push_back(known.number);
    }
    state.committedRows = state.rows;
    publish(true);
    return {};
}

} // namespace freshet::store
