// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows, columns and batches. How a value finds its place is in batch_builder_values.cpp and, for
// numbers, in batch_builder_numbers.cpp.
#include "columnar/batch_builder.h"

#include "columnar/number_text.h"

#include <algorithm>
#include <limits>

namespace freshet::columnar {

namespace {

/// Rows between two measurements of memory, unless a buffer grew.
constexpr std::int64_t kRowsPerMeasure = 256;
/// Rows that may be cast, and cast back, for the sake of a row that proves bad in the end.
constexpr std::int64_t kMostUndone = 4096;

bool isEventWorthy(LogicalType from, LogicalType to)
{
    return from.kind != TypeKind::Null && from.name() != to.name();
}

} // namespace

BatchBuilder::BatchBuilder(Limits limits) : m_limits(limits), m_columns(1), m_successors{kNoColumn}
{}

BatchBuilder::~BatchBuilder() = default;

BatchBuilder::ColumnId BatchBuilder::findColumn(std::string_view name)
{
    const auto found = m_idByName.find(name);
    const ColumnId id = found != m_idByName.end() ? found->second : addColumn(name);
    if (id == kNoColumn)
        return id;
    m_successors[static_cast<std::size_t>(m_lastColumn + 1)] = id;
    return m_lastColumn = id;
}

BatchBuilder::ColumnId BatchBuilder::addColumn(std::string_view name)
{
    if (columnCount() >= m_limits.columns) {
        m_rowError = Error{.code = ErrorCode::LimitReached,
                           .detail = "more than " + std::to_string(m_limits.columns) + " columns",
                           .row = nextRow(),
                           .column = Error::excerptOf(name)};
        m_needsCare = true;
        return kNoColumn;
    }
    const ColumnId id = columnCount();
    m_names.emplace_back(name);
    m_idByName.emplace(m_names.back(), id);
    m_columns.emplace_back();
    m_successors.push_back(kNoColumn);
    if (m_isInRow) {
        ++m_newColumns;
        m_needsCare = true;
    }
    m_schema.reset();
    return id;
}

Result<BatchBuilder::ColumnId> BatchBuilder::declareColumn(std::string_view name, LogicalType type)
{
    m_lastColumn = kNoColumn;
    const ColumnId id = findColumn(name);
    m_lastColumn = kNoColumn;
    if (id != kNoColumn && columnType(id).kind == TypeKind::Null)
        (void)startAs(id, type);
    FRESHET_TRY(settleRow());
    return id;
}

void BatchBuilder::makeRowRoom(ColumnId id)
{
    ColumnBuilder &column = at(id);
    while (column.length > m_row)
        column.popLast();
    if (column.length < m_row)
        column.putAbsent(m_row - column.length, Absence::Missing);
    if (column.length >= column.rowRoom)
        column.growRows(column.length + 1);
}

void BatchBuilder::makeTextRoom(ColumnId id, std::size_t bytes)
{
    prepare(id);
    ColumnBuilder &column = at(id);
    if (column.hasTextRoom(bytes))
        return;
    if (column.values.size() + bytes > std::numeric_limits<std::int32_t>::max()) {
        // Only a caller that does not seal gets here. The row is given up, so that what the column
        // holds of it does not matter.
        m_rowError = Error{.code = ErrorCode::LimitReached,
                           .detail = "more than 2 GiB of text in one batch",
                           .row = nextRow(),
                           .column = id == kNoColumn ? std::string() : columnName(id)};
        m_needsCare = true;
    }
    column.growText(bytes);
    m_rowsUntilMeasured = std::min<std::int64_t>(m_rowsUntilMeasured, 1);
}

void BatchBuilder::changeTrack(ColumnId id, NumberTrack track)
{
    ColumnBuilder &column = at(id);
    if (column.track == track)
        return;
    m_undo.push_back({id, column.track, column.sealed, std::nullopt});
    m_needsCare = true;
    column.track = track;
}

Status BatchBuilder::settleRow()
{
    if (m_rowError) {
        Error error = *std::move(m_rowError);
        abandonRow();
        return fail(std::move(error));
    }
    m_undo.clear();
    m_newColumns = 0;
    m_newEvents = 0;
    m_needsCare = false;
    return {};
}

void BatchBuilder::abandonRow()
{
    for (auto undo = m_undo.rbegin(); undo != m_undo.rend(); ++undo) {
        ColumnBuilder &column = at(undo->id);
        column.track = undo->track;
        column.sealed = undo->sealed;
        if (undo->rows)
            column.hold(*undo->rows);
        // The next bad row would have them cast once more.
        m_isFull = m_isFull || (undo->rows && undo->rows->length > kMostUndone);
    }
    for (ColumnBuilder &column : m_columns)
        if (column.length > m_row)
            column.popLast();
    for (; m_newColumns > 0; --m_newColumns) {
        m_idByName.erase(m_names.back());
        m_names.pop_back();
        m_columns.pop_back();
        m_successors.pop_back();
    }
    for (ColumnId &successor : m_successors)
        if (successor >= columnCount())
            successor = kNoColumn;
    m_events.resize(m_events.size() - m_newEvents);
    if (m_needsCare)
        m_schema.reset();
    m_lastColumn = kNoColumn;
    m_undo.clear();
    m_newEvents = 0;
    m_rowError.reset();
    m_needsCare = false;
    m_isInRow = false;
}

bool BatchBuilder::changeType(ColumnId id, LogicalType to)
{
    ColumnBuilder &column = at(id);
    const LogicalType from = column.type;
    const NumberRange sealed = column.sealed;
    Column rows = column.release();
    const Result<Column> cast = castColumn(rows, to);
    column.hold(cast ? *cast : rows);
    if (!cast) {
        if (to.isText()) { // beyond the size of a column, so that no type is left for the value
            m_rowError = cast.error();
            m_needsCare = true;
        }
        return false;
    }
    m_undo.push_back({id, column.track, sealed, std::move(rows)});
    m_needsCare = true;
    if (to.kind == TypeKind::Decimal) {
        if (from.kind == TypeKind::Int64 || from.kind == TypeKind::UInt64)
            column.sealed.digits = digitCount(static_cast<UInt128>(sealed.magnitude)) + to.scale;
        else if (from.kind == TypeKind::Decimal)
            column.sealed.digits += to.scale - from.scale;
        else if (from.kind == TypeKind::Double)
            column.sealed.digits = kSmallDecimalDigits;
    }
    m_schema.reset();
    if (id != kNoColumn && isEventWorthy(from, to)) {
        m_events.push_back({columnName(id), from, to, nextRow()});
        ++m_newEvents;
    }
    return true;
}

void BatchBuilder::measure()
{
    std::size_t total = 0;
    for (const ColumnBuilder &column : m_columns) {
        total += column.memory();
        m_isFull =
            m_isFull || (column.type.isText() && column.values.size() >= kMaxColumnBytes.asSize());
    }
    m_isFull = m_isFull || total >= kMaxBatchBytes.asSize();
    m_rowsUntilMeasured = kRowsPerMeasure;
}

RecordBatch BatchBuilder::seal()
{
    RecordBatch batch{.schema = schema(), .rowCount = m_row};
    batch.columns.reserve(m_names.size());
    for (ColumnId id = 0; id < columnCount(); ++id) {
        ColumnBuilder &column = at(id);
        if (column.length < m_row)
            column.putAbsent(m_row - column.length, Absence::Missing);
        batch.columns.push_back(column.take());
    }
    at(kNoColumn) = {};
    m_firstRow += RowCount(m_row);
    m_row = 0;
    m_isFull = false;
    m_rowsUntilMeasured = 0;
    return batch;
}

SchemaPtr BatchBuilder::schema() const
{
    if (!m_schema) {
        auto schema = std::make_shared<Schema>();
        schema->fields.reserve(m_names.size());
        for (ColumnId id = 0; id < columnCount(); ++id)
            schema->fields.push_back({columnName(id), at(id).type});
        m_schema = std::move(schema);
    }
    return m_schema;
}

} // namespace freshet::columnar
