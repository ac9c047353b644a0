// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset_writer_impl.h"

#include <algorithm>

namespace freshet::store {

using columnar::RecordBatch;

DatasetWriter::Impl::Impl(std::shared_ptr<LibraryCore> library, FileLock datasetLock,
                          std::shared_ptr<Dataset> shown, DatasetState start)
    : m_core(std::move(library)),
      m_lock(std::move(datasetLock)),
      m_folder(m_core->folderOf(shown->id())),
      m_dataset(std::move(shown)),
      m_state(std::move(start)),
      m_watch(m_state.schema, m_state.rows)
{
    m_dataset->m_impl->setWritten(true);
}

DatasetWriter::Impl::~Impl()
{
    release();
}

void DatasetWriter::Impl::release()
{
    m_dataset->m_impl->setWritten(false);
    m_lock.release();
}

/// Widen the dataset's schema to hold `schema` as well. Output: whether it had to.
bool DatasetWriter::Impl::adoptSchema(const columnar::SchemaPtr &schema)
{
    if (schema == m_state.schema || *schema == *m_state.schema)
        return false;
    auto wider = columnar::unifySchemas(m_state.schema, schema);
    if (*wider == *m_state.schema)
        return false;
    m_state.setSchema(*wider == *schema ? schema : std::move(wider));
    return true;
}

Status DatasetWriter::Impl::add(RecordBatch batch)
{
    if (m_isFinished)
        return fail(ErrorCode::Internal, "rows for a dataset that is finished");
    const bool widened = adoptSchema(batch.schema);
    // Equal schemas share one object from here on, which makes comparing them cheap.
    if (batch.schema != m_state.schema && *batch.schema == *m_state.schema)
        batch.schema = m_state.schema;
    const bool hasRows = batch.rowCount != 0;
    m_watch.note(batch);
    if (hasRows && pendingRows().value() + batch.rowCount > columnar::kMaxBatchRows)
        FRESHET_TRY(flush());
    if (hasRows)
        m_state.addTail(std::make_shared<const RecordBatch>(std::move(batch)));
    if (m_state.tail.size() > kMaxPendingBatches)
        FRESHET_TRY(joinPending());
    publish(hasRows || widened);
    return isFull() ? flush() : Status();
}

bool DatasetWriter::Impl::isFull() const
{
    return pendingRows().value() * 2 > columnar::kMaxBatchRows ||
           m_state.tailMemory() >= kFullBytes;
}

/// All pending rows under the present schema.
Result<RecordBatch> DatasetWriter::Impl::pendingBatch() const
{
    std::vector<RecordBatch> batches;
    batches.reserve(m_state.tail.size());
    for (const TailBatch &tail : m_state.tail) {
        if (tail.batch->schema == m_state.schema) {
            batches.push_back(*tail.batch);
            continue;
        }
        auto conformed = columnar::conform(*tail.batch, m_state.schema);
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
    m_state.clearTail();
    m_state.addTail(std::make_shared<const RecordBatch>(std::move(*joined)));
    return {};
}

Status DatasetWriter::Impl::openPart()
{
    if (!m_part && m_resumable && *m_resumable->schema == *m_state.schema) {
        auto resumed = PartWriter::resume(m_folder, *m_resumable);
        if (!resumed)
            return fail(std::move(resumed).error());
        m_closedBytes -= m_resumable->fileLength;
        m_part = std::move(*resumed);
        m_resumable.reset();
    }
    if (m_part && *m_part->schema() == *m_state.schema)
        return {};
    FRESHET_TRY(closePart());
    auto created = PartWriter::create(m_folder, m_nextNumber, false, m_state.schema);
    if (!created)
        return fail(std::move(created).error());
    ++m_nextNumber;
    m_hasNewFiles = true;
    m_part = std::move(*created);
    m_state.addPart(m_part->number(),
                    std::make_shared<const DatasetPart>(m_part->path(), m_part->schema()));
    return {};
}

Status DatasetWriter::Impl::closePart()
{
    if (!m_part)
        return {};
    FRESHET_TRY(m_part->close());
    m_closedBytes += m_part->length();
    m_closedParts.push_back(std::move(*m_part));
    m_part.reset();
    return {};
}

Status DatasetWriter::Impl::flush()
{
    if (m_state.tail.empty())
        return {};
    const auto batch = pendingBatch();
    if (!batch)
        return fail(batch.error());
    FRESHET_TRY(openPart());
    FRESHET_TRY(m_part->append(*batch));
    retireTails();
    m_state.clearTail();
    m_state.addBlock(m_part->blocks().back());
    publish(false);
    return m_ring ? endRingPart() : Status();
}

void DatasetWriter::Impl::retireTails()
{
    m_droppedTails.insert(m_droppedTails.end(), m_tailNumbers.begin(), m_tailNumbers.end());
    m_tailNumbers.clear();
    m_tailFile.reset();
    m_tailRows = RowCount();
}

Status DatasetWriter::Impl::storeTail()
{
    if (pendingRows() == m_tailRows)
        return {};
    auto batch = pendingBatch();
    if (!batch)
        return fail(std::move(batch).error());
    const bool fits = m_tailFile && *m_tailFile->schema() == *m_state.schema &&
                      m_tailFile->blocks().size() < kMaxTailBlocks;
    if (!fits) {
        auto created = PartWriter::create(m_folder, m_nextNumber, true, m_state.schema);
        if (!created)
            return fail(std::move(created).error());
        FRESHET_TRY(created->append(*batch));
        retireTails();
        m_tailNumbers.push_back(m_nextNumber++);
        m_hasNewFiles = true;
        m_tailFile = std::move(*created);
    } else {
        FRESHET_TRY(m_tailFile->append(columnar::sliceBatch(*batch, m_tailRows.value(),
                                                            (pendingRows() - m_tailRows).value())));
    }
    m_tailRows = pendingRows();
    return {};
}

Status DatasetWriter::Impl::syncFiles()
{
    if (m_syncFailure)
        return fail(*m_syncFailure);
    const auto sync = [this]() -> Status {
        if (m_part)
            FRESHET_TRY(m_part->sync());
        if (m_tailFile)
            FRESHET_TRY(m_tailFile->sync());
        return m_hasNewFiles ? syncFolder(m_folder) : Status();
    };
    auto synced = sync();
    if (!synced)
        m_syncFailure = synced.error();
    else
        m_hasNewFiles = false;
    return synced;
}

Status DatasetWriter::Impl::record(CatalogueChange change)
{
    const auto began = CommitPace::Clock::now();
    FRESHET_TRY(syncFiles());
    change.id = m_dataset->id();
    for (const PartWriter &closed : m_closedParts) {
        if (closed.hasNews())
            change.parts.push_back(closed.news());
    }
    ByteCount stored = m_closedBytes;
    for (const auto *writer : {&m_part, &m_tailFile}) {
        if (*writer && (*writer)->hasNews())
            change.parts.push_back((*writer)->news());
        if (*writer)
            stored += (*writer)->length();
    }
    const std::set<std::size_t> dropped = partsToDrop();
    change.droppedParts = m_droppedTails;
    for (const std::size_t part : dropped)
        change.droppedParts.push_back(m_state.parts[part].number);
    change.superseded = supersededBlocks(dropped);
    change.rejects = m_rejects;
    change.rows = m_state.fileRows + m_tailRows - supersededRows();
    change.storedBytes = stored;
    const auto revision = m_core->catalogue->apply(change);
    if (!revision)
        return fail(revision.error());

    m_closedParts.clear();
    for (auto *writer : {&m_part, &m_tailFile}) {
        if (*writer)
            (*writer)->markRecorded();
    }
    m_rejects.clear();
    deleteDropped();
    const bool hasFewer = !m_superseded.empty();
    if (hasFewer)
        m_state.supersede(std::exchange(m_superseded, {}));
    deleteParts(dropped);
    m_state.committedRows = *change.rows;
    if (change.final && change.final->isReconciled)
        m_state.unmergedFrom.reset();
    m_dataset->m_impl->revision = *revision;
    publish(hasFewer);
    m_pace.committed(began, CommitPace::Clock::now());
    return {};
}

/// A file that cannot be deleted now is an orphan that the next recovery deletes.
void DatasetWriter::Impl::deleteDropped()
{
    for (const int number : m_droppedTails) {
        std::error_code ignored;
        std::filesystem::remove(m_folder / partFileName(number, true), ignored);
    }
    m_droppedTails.clear();
}

bool DatasetWriter::Impl::isCommitDue() const
{
    return m_pace.isDue(CommitPace::Clock::now());
}

Status DatasetWriter::Impl::commit(const CommitPoint &point)
{
    if (m_isFinished)
        return fail(ErrorCode::Internal, "a commit for a dataset that is finished");
    if (m_state.tailMemory() >= kDirectBytes)
        FRESHET_TRY(flush());
    FRESHET_TRY(storeTail());
    return record({.progress = point});
}

Status DatasetWriter::Impl::finish(const FinalState &final)
{
    if (m_isFinished)
        return fail(ErrorCode::Internal, "a dataset is finished once only");
    m_isFinished = true;
    const auto storeAll = [&]() -> Status {
        FRESHET_TRY(flush());
        FRESHET_TRY(closePart());
        return record(
            {.final = final, .schemaDifference = m_watch.difference(*m_state.schema).toJson()});
    };
    auto stored = storeAll();
    if (stored) {
        m_state.hideUnmerged();
        m_keptRows = m_state.rows;
        publish(m_state.unmergedFrom.has_value());
    } else {
        tellFailure(final, stored.error());
    }
    release();
    return stored;
}

/// The rows of the last commit are safe; say openly that those behind it are not.
void DatasetWriter::Impl::tellFailure(FinalState final, const Error &error)
{
    final.state = "Incomplete";
    final.verdict = "incomplete";
    final.error = error.toString();
    const auto known = m_core->catalogue->find(m_dataset->id());
    // What is to be gone on with lies behind committed rows, never behind lost ones.
    final.resumePoint = known ? known->record.resumePoint : std::string();
    final.figures.reset();
    final.isReconciled = false;
    final.evidence.insert(final.evidence.begin(),
                          std::to_string((m_state.rows - m_state.committedRows).value()) +
                              " rows could not be stored: " + error.toString());
    m_keptRows = known ? known->record.rows : RowCount();
    // Should this fail too, the next open finds the dataset without its end and says so.
    static_cast<void>(m_core->catalogue->apply({.id = m_dataset->id(), .final = std::move(final)}));
}

void DatasetWriter::Impl::comparesByKey()
{
    if (!m_state.unmergedFrom)
        m_state.unmergedFrom = RowIndex() + m_state.rows;
}

Status DatasetWriter::Impl::adopt(const std::vector<CataloguePart> &parts)
{
    for (const CataloguePart &known : parts) {
        m_nextNumber = std::max(m_nextNumber, known.number + 1);
        if (!known.isTail) {
            m_closedBytes += known.fileLength;
            m_resumable = known;
            continue;
        }
        static_cast<void>(adoptSchema(known.schema));
        const DatasetPart file(m_folder / partFileName(known.number, true), known.schema);
        for (const ArrowBlock &block : known.blocks) {
            RecordBatch batch{.schema = known.schema, .rowCount = block.rows.value()};
            for (int column = 0; column < known.schema->columnCount(); ++column) {
                auto read = file.column(block, column);
                if (!read)
                    return fail(std::move(read).error());
                batch.columns.push_back(std::move(*read));
            }
            m_state.addTail(std::make_shared<const RecordBatch>(std::move(batch)));
            m_tailRows += block.rows;
        }
        m_tailNumbers.push_back(known.number);
    }
    m_state.committedRows = m_state.rows;
    m_watch = SchemaWatch(m_state.schema, m_state.rows);
    publish(true);
    return {};
}

} // namespace freshet::store
