// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/snapshot_scan.h"

#include "query/type_mapping.h"
#include "query/vector_writer.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace freshet::query {

using columnar::Column;

namespace {

/// What the function carries from its registration on.
struct ScanContext
{
    std::shared_ptr<SnapshotRegistry> registry;
    int threads = 1;
};

/// One place in a query that names the snapshot.
struct ScanBinding
{
    AttachedSnapshotPtr attached;
};

/// One run over the snapshot, shared by its threads.
struct ScanState
{
    AttachedSnapshotPtr attached;
    std::vector<int> columns; ///< of the snapshot; -1 is the row's number
    std::atomic<std::int64_t> nextBatch{0};
};

/// What one thread is at. The columns stay here while DuckDB looks at texts inside them.
struct ScanPosition
{
    std::vector<Column> columns;
    store::BatchExtent extent;
    std::int64_t done = 0; ///< rows of the batch handed out
};

template <typename T>
void destroyObject(void *object)
{
    delete static_cast<T *>(object);
}

void bindScan(duckdb_bind_info info)
{
    const auto *context = static_cast<const ScanContext *>(duckdb_bind_get_extra_info(info));
    const ValueHandle parameter(duckdb_bind_get_parameter(info, 0));
    const std::string name = takeText(duckdb_get_varchar(parameter.get()));
    auto attached = context->registry->find(name);
    if (!attached) {
        duckdb_bind_set_error(info, ("no dataset is attached as " + name).c_str());
        return;
    }

    const TypeHandle rowType(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
    duckdb_bind_add_result_column(info, attached->rowColumn.c_str(), rowType.get());
    const auto &fields = attached->snapshot.schema()->fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const TypeHandle type = toDuckdb(fields[i].type);
        duckdb_bind_add_result_column(info, attached->columnNames[i].c_str(), type.get());
    }
    const auto rows = static_cast<idx_t>(attached->snapshot.rowCount().value());
    duckdb_bind_set_cardinality(info, rows, true);
    duckdb_bind_set_bind_data(info, new ScanBinding{std::move(attached)},
                              destroyObject<ScanBinding>);
}

void startScan(duckdb_init_info info)
{
    const auto *context = static_cast<const ScanContext *>(duckdb_init_get_extra_info(info));
    const auto *binding = static_cast<const ScanBinding *>(duckdb_init_get_bind_data(info));
    auto state = std::make_unique<ScanState>();
    state->attached = binding->attached;
    const auto rowNumber = idx_t{0};
    for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i) {
        const idx_t column = duckdb_init_get_column_index(info, i);
        state->columns.push_back(column == rowNumber ? -1 : static_cast<int>(column) - 1);
    }
    const std::int64_t batches = state->attached->snapshot.batchCount();
    duckdb_init_set_max_threads(
        info, static_cast<idx_t>(std::clamp<std::int64_t>(batches, 1, context->threads)));
    duckdb_init_set_init_data(info, state.release(), destroyObject<ScanState>);
}

void startThread(duckdb_init_info info)
{
    duckdb_init_set_init_data(info, new ScanPosition, destroyObject<ScanPosition>);
}

/// Read the columns of the next batch. False at the end.
Result<bool> nextBatch(ScanState &state, ScanPosition &position)
{
    const auto &snapshot = state.attached->snapshot;
    do {
        const std::int64_t batch = state.nextBatch.fetch_add(1, std::memory_order_relaxed);
        if (batch >= snapshot.batchCount())
            return false;
        position.extent = snapshot.extent(batch);
        position.done = 0;
        position.columns.resize(state.columns.size());
        for (std::size_t i = 0; i < state.columns.size(); ++i) {
            if (state.columns[i] < 0)
                continue;
            auto column = snapshot.column(batch, state.columns[i]);
            if (!column)
                return fail(std::move(column).error());
            position.columns[i] = std::move(*column);
        }
    } while (position.extent.rows.value() == 0);
    return true;
}

void scanChunk(duckdb_function_info info, duckdb_data_chunk chunk)
{
    const auto *context = static_cast<const ScanContext *>(duckdb_function_get_extra_info(info));
    auto &state = *static_cast<ScanState *>(duckdb_function_get_init_data(info));
    auto &position = *static_cast<ScanPosition *>(duckdb_function_get_local_init_data(info));

    if (position.done == position.extent.rows.value()) {
        const auto found = nextBatch(state, position);
        if (!found) {
            context->registry->keepFailure(found.error());
            duckdb_function_set_error(info, found.error().detail.c_str());
            return;
        }
        if (!*found)
            position = {};
    }
    const std::int64_t count =
        std::min<std::int64_t>(position.extent.rows.value() - position.done,
                               static_cast<std::int64_t>(duckdb_vector_size()));
    for (std::size_t i = 0; count != 0 && i < state.columns.size(); ++i) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
        if (state.columns[i] < 0)
            writeSequence(vector, position.extent.first.value() + position.done, count);
        else
            writeVector(vector, position.columns[i], position.done, count);
    }
    position.done += count;
    duckdb_data_chunk_set_size(chunk, static_cast<idx_t>(count));
}

} // namespace

AttachedSnapshotPtr SnapshotRegistry::attach(const std::string &name,
                                             store::DatasetSnapshot snapshot)
{
    auto attached = std::make_shared<AttachedSnapshot>();
    attached->name = name;
    attached->columnNames = sqlColumnNames(*snapshot.schema());
    // Named last, so that it gives way to a dataset's column of that name.
    columnar::Schema withRow = *snapshot.schema();
    withRow.fields.push_back({.name = "freshet_row", .type = {}});
    attached->rowColumn = sqlColumnNames(withRow).back();
    attached->snapshot = std::move(snapshot);
    const std::lock_guard lock(m_mutex);
    m_snapshots[name] = attached;
    return attached;
}

AttachedSnapshotPtr SnapshotRegistry::find(const std::string &name) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_snapshots.find(name);
    return found == m_snapshots.end() ? nullptr : found->second;
}

void SnapshotRegistry::keepFailure(const Error &error)
{
    const std::lock_guard lock(m_mutex);
    if (!m_failure)
        m_failure = error;
}

std::optional<Error> SnapshotRegistry::takeFailure()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_failure, std::nullopt);
}

Status registerSnapshotScan(duckdb_connection connection,
                            std::shared_ptr<SnapshotRegistry> registry, int threads)
{
    return guarded([&]() -> Status {
        const TableFunctionHandle function(duckdb_create_table_function());
        const TypeHandle nameType(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
        duckdb_table_function_set_name(function.get(), kScanFunction);
        duckdb_table_function_add_parameter(function.get(), nameType.get());
        duckdb_table_function_set_extra_info(function.get(),
                                             new ScanContext{std::move(registry), threads},
                                             destroyObject<ScanContext>);
        duckdb_table_function_set_bind(function.get(), bindScan);
        duckdb_table_function_set_init(function.get(), startScan);
        duckdb_table_function_set_local_init(function.get(), startThread);
        duckdb_table_function_set_function(function.get(), scanChunk);
        duckdb_table_function_supports_projection_pushdown(function.get(), true);
        if (duckdb_register_table_function(connection, function.get()) != DuckDBSuccess)
            return fail(ErrorCode::Internal, "DuckDB refuses the dataset scan");
        return {};
    });
}

} // namespace freshet::query
