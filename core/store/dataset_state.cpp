// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset_state.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace freshet::store {

using columnar::RecordBatch;
using columnar::SchemaPtr;

std::size_t BlockLog::find(RowIndex row) const
{
    std::size_t low = 0;
    std::size_t high = m_size;
    while (high - low > 1) {
        const std::size_t middle = low + (high - low) / 2;
        if ((*this)[middle].first <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

ColumnMapPtr DatasetState::mapFrom(const SchemaPtr &source) const
{
    if (m_map && m_mappedFrom == source)
        return m_map;
    std::unordered_map<std::string_view, int> places;
    for (int i = 0; i < source->columnCount(); ++i)
        places.emplace(source->fields[static_cast<std::size_t>(i)].name, i);
    auto map = std::make_shared<ColumnMap>();
    map->reserve(schema->fields.size());
    for (const columnar::Field &field : schema->fields) {
        const auto place = places.find(field.name);
        map->push_back(place == places.end() ? -1 : place->second);
    }
    m_mappedFrom = source;
    m_map = std::move(map);
    return m_map;
}

void DatasetState::setSchema(SchemaPtr wider)
{
    schema = std::move(wider);
    m_map.reset();
    for (StatePart &part : parts)
        part.columns = mapFrom(part.file->schema());
    for (TailBatch &batch : tail)
        batch.columns = mapFrom(batch.batch->schema);
}

void DatasetState::addPart(int number, std::shared_ptr<const DatasetPart> file)
{
    auto columns = mapFrom(file->schema());
    parts.push_back({number, std::move(file), std::move(columns)});
}

void DatasetState::addBlock(const ArrowBlock &block, DeletedRowsPtr deleted)
{
    BlockEntry entry{.first = RowIndex(fileRows.value()),
                     .part = parts.size() - 1,
                     .block = block,
                     .number = 1,
                     .deleted = std::move(deleted)};
    if (blocks.size() != 0 && blocks[blocks.size() - 1].part == entry.part)
        entry.number = blocks[blocks.size() - 1].number + 1;
    fileRows += entry.rows();
    rows = std::max(rows, fileRows);
    blocks.append(entry);
}

void DatasetState::supersede(const std::map<std::size_t, DeletedRowsPtr> &deleted)
{
    BlockLog renumbered; // the old one is shared with snapshots
    ++numbering;
    fileRows = RowCount();
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        BlockEntry entry = blocks[i];
        if (const auto fresh = deleted.find(i); fresh != deleted.end())
            entry.deleted = fresh->second;
        entry.first = RowIndex(fileRows.value());
        fileRows += entry.rows();
        renumbered.append(entry);
    }
    blocks = std::move(renumbered);
    rows = fileRows;
    for (TailBatch &batch : tail) {
        batch.first = RowIndex(rows.value());
        rows += RowCount(batch.batch->rowCount);
    }
}

namespace {

/// `entry` with its shown rows from `kept` on deleted.
BlockEntry shortened(BlockEntry entry, RowCount kept)
{
    std::vector<std::int64_t> live;
    if (entry.deleted) {
        live = entry.deleted->liveRows();
    } else {
        live.resize(static_cast<std::size_t>(entry.block.rows.value()));
        std::iota(live.begin(), live.end(), 0);
    }
    const auto gone = std::span(live).subspan(static_cast<std::size_t>(kept.value()));
    entry.deleted = DeletedRows::with(entry.deleted, entry.block.rows, gone);
    return entry;
}

} // namespace

void DatasetState::hideUnmerged()
{
    if (!unmergedFrom || rows <= *unmergedFrom - RowIndex())
        return;
    const RowIndex end = *unmergedFrom;
    BlockLog left; // the old one is shared with snapshots
    for (std::size_t i = 0; i < blocks.size() && blocks[i].first < end; ++i) {
        const BlockEntry &entry = blocks[i];
        const bool isCut = entry.first + entry.rows() > end;
        left.append(isCut ? shortened(entry, end - entry.first) : entry);
    }
    blocks = std::move(left);
    while (!tail.empty() && tail.back().first >= end)
        tail.pop_back();
    if (!tail.empty()) {
        TailBatch &last = tail.back();
        const RowCount kept = std::min(end - last.first, RowCount(last.batch->rowCount));
        last.batch =
            std::make_shared<const RecordBatch>(columnar::sliceBatch(*last.batch, 0, kept.value()));
    }
    rows = end - RowIndex();
    fileRows = std::min(fileRows, rows);
    committedRows = std::min(committedRows, rows);
}

void DatasetState::dropParts(const std::set<std::size_t> &dropped)
{
    std::vector<StatePart> kept;
    std::vector<std::size_t> places; // in `kept`, of each part
    for (std::size_t i = 0; i < parts.size(); ++i) {
        places.push_back(kept.size());
        if (!dropped.contains(i))
            kept.push_back(std::move(parts[i]));
    }
    parts = std::move(kept);
    BlockLog left; // the old one is shared with snapshots
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        BlockEntry entry = blocks[i];
        if (dropped.contains(entry.part))
            continue;
        entry.part = places[entry.part];
        left.append(entry);
    }
    blocks = std::move(left);
}

void DatasetState::addTail(std::shared_ptr<const RecordBatch> batch)
{
    const RowCount count(batch->rowCount);
    m_tailMemory += batch->memory();
    auto columns = mapFrom(batch->schema);
    tail.push_back({RowIndex(rows.value()), std::move(batch), std::move(columns)});
    rows += count;
}

void DatasetState::clearTail()
{
    tail.clear();
    m_tailMemory = ByteCount();
    rows = fileRows;
}

Result<DatasetState> loadState(const std::filesystem::path &folder,
                               const CatalogueContents &contents,
                               std::shared_ptr<ColumnCache> cache)
{
    const std::vector<CataloguePart> &parts = contents.parts;
    DatasetState state;
    state.cache = std::move(cache);
    state.unmergedFrom = contents.unmergedFrom;
    SchemaPtr schema = state.schema;
    for (const CataloguePart &part : parts)
        schema = columnar::unifySchemas(schema, part.schema);
    state.schema = std::move(schema);
    for (const CataloguePart &part : parts) {
        const auto path = folder / partFileName(part.number, part.isTail);
        std::error_code error;
        const auto size = std::filesystem::file_size(path, error);
        if (error)
            return fail(systemError(error.value(), path.string()));
        if (size < part.length.asSize()) {
            return fail(Error{.code = ErrorCode::LibraryDamaged,
                              .detail = path.string() + ": holds " + std::to_string(size) + " of " +
                                        std::to_string(part.length.value()) + " stored bytes",
                              .byteOffset = ByteOffset(static_cast<std::int64_t>(size))});
        }
        auto file = std::make_shared<const DatasetPart>(path, part.schema);
        if (part.isTail)
            FRESHET_TRY(file->open());
        state.addPart(part.number, std::move(file));
        for (std::size_t i = 0; i < part.blocks.size(); ++i) {
            const auto deleted = part.deleted.find(i);
            state.addBlock(part.blocks[i],
                           deleted == part.deleted.end() ? nullptr : deleted->second);
        }
    }
    state.committedRows = state.rows;
    return state;
}

} // namespace freshet::store
