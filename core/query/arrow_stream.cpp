// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/arrow_stream.h"

#include <array>
#include <cerrno>
#include <memory>

namespace freshet::query {

using columnar::Column;
using columnar::LogicalType;
using columnar::RecordBatch;
using columnar::TypeKind;

namespace {

std::string formatOf(LogicalType type)
{
    switch (type.kind) {
    case TypeKind::Bool:
        return "b";
    case TypeKind::Int64:
        return "l";
    case TypeKind::UInt64:
        return "L";
    case TypeKind::Double:
        return "g";
    case TypeKind::Decimal:
        return "d:" + std::to_string(type.precision) + "," + std::to_string(type.scale);
    case TypeKind::Date:
        return "tdD";
    case TypeKind::Time:
        return "ttu";
    case TypeKind::Timestamp:
        return type.form.zone == columnar::TimeForm::Zone::None ? "tsu:" : "tsu:UTC";
    case TypeKind::Binary:
        return "z";
    case TypeKind::Null:
    case TypeKind::String:
    case TypeKind::Json:
        break;
    }
    return "u";
}

void appendCounted(std::string &metadata, std::string_view text)
{
    const auto size = static_cast<std::int32_t>(text.size());
    metadata.append(reinterpret_cast<const char *>(&size), sizeof size);
    metadata.append(text);
}

/// What makes JSON of text: one pair of a key and a value, each behind its length. Source: the
/// Arrow C data interface, "metadata"; Arrow's canonical extension types.
std::string jsonExtension()
{
    const std::int32_t pairs = 1;
    std::string metadata(reinterpret_cast<const char *>(&pairs), sizeof pairs);
    appendCounted(metadata, "ARROW:extension:name");
    appendCounted(metadata, "arrow.json");
    return metadata;
}

void keepSchema(ArrowSchema *schema)
{
    // The stream owns what the schema points to.
    schema->release = nullptr;
}

/// A batch on the other side, with all that its C structs point to.
struct ExportedBatch
{
    RecordBatch batch;
    std::vector<ArrowArray> columns;
    std::vector<ArrowArray *> columnPointers;
    std::vector<std::array<const void *, 3>> buffers;
    const void *noValidity = nullptr;
};

void releaseColumn(ArrowArray *array)
{
    array->release = nullptr;
}

void releaseBatch(ArrowArray *array)
{
    delete static_cast<ExportedBatch *>(array->private_data);
    array->release = nullptr;
}

void exportColumn(const Column &column, std::array<const void *, 3> &buffers, ArrowArray &array)
{
    buffers[0] = column.nullCount != 0 ? column.validity.data() : nullptr;
    array = ArrowArray{.length = column.length,
                       .null_count = column.nullCount,
                       .n_buffers = column.type.isText() ? 3 : 2,
                       .buffers = buffers.data(),
                       .release = releaseColumn};
    if (column.type.isText()) {
        buffers[1] = column.offsets.data();
        buffers[2] = column.values.data();
    } else {
        buffers[1] = column.values.data();
    }
}

/// A text column without values in place of one that has no type yet.
Column withoutValues(std::int64_t length)
{
    return columnar::absentColumn({.kind = TypeKind::String}, length, columnar::Absence::Null);
}

void exportBatch(RecordBatch batch, ArrowArray *out)
{
    auto exported = std::make_unique<ExportedBatch>();
    const std::size_t count = batch.columns.size();
    exported->columns.resize(count);
    exported->columnPointers.resize(count);
    exported->buffers.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        Column &column = batch.columns[i];
        if (column.type.kind == TypeKind::Null)
            column = withoutValues(batch.rowCount);
        exportColumn(column, exported->buffers[i], exported->columns[i]);
        exported->columnPointers[i] = &exported->columns[i];
    }
    *out = ArrowArray{.length = batch.rowCount,
                      .n_buffers = 1,
                      .n_children = static_cast<std::int64_t>(count),
                      .buffers = &exported->noValidity,
                      .children = exported->columnPointers.data(),
                      .release = releaseBatch};
    exported->batch = std::move(batch);
    out->private_data = exported.release();
}

} // namespace

ArrowStream::ArrowStream(columnar::BatchReader &rows, const std::vector<std::string> &names,
                         const CancelToken &cancel)
    : m_rows(rows), m_cancel(cancel)
{
    const auto schema = rows.schema();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string &name = m_texts.emplace_back(names[i]);
        const std::string &format = m_texts.emplace_back(formatOf(schema->fields[i].type));
        const bool isJson = schema->fields[i].type.kind == TypeKind::Json;
        m_fields.push_back(
            {.format = format.c_str(),
             .name = name.c_str(),
             .metadata = isJson ? m_texts.emplace_back(jsonExtension()).data() : nullptr,
             .flags = kArrowFlagNullable,
             .release = keepSchema});
    }
    for (ArrowSchema &field : m_fields)
        m_fieldPointers.push_back(&field);
    m_stream = {.get_schema = provideSchema,
                .get_next = provideNext,
                .get_last_error = provideError,
                .release = [](ArrowArrayStream *stream) { stream->release = nullptr; },
                .private_data = this};
}

Result<std::optional<RecordBatch>> ArrowStream::pull()
{
    while (true) {
        if (m_cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "the rows are not wanted any more");
        auto batch = m_rows.next();
        // An empty array would end the stream for some consumers.
        if (!batch || !*batch || (*batch)->rowCount != 0)
            return batch;
    }
}

int ArrowStream::provideSchema(ArrowArrayStream *stream, ArrowSchema *out)
{
    auto *self = static_cast<ArrowStream *>(stream->private_data);
    *out = ArrowSchema{.format = "+s",
                       .name = "",
                       .n_children = static_cast<std::int64_t>(self->m_fields.size()),
                       .children = self->m_fieldPointers.data(),
                       .release = keepSchema};
    return 0;
}

int ArrowStream::provideNext(ArrowArrayStream *stream, ArrowArray *out)
{
    auto *self = static_cast<ArrowStream *>(stream->private_data);
    *out = {};
    if (self->m_failure)
        return EIO;
    auto batch = self->pull();
    if (!batch) {
        self->m_failure = std::move(batch).error();
        return EIO;
    }
    if (*batch)
        exportBatch(**std::move(batch), out);
    return 0;
}

const char *ArrowStream::provideError(ArrowArrayStream *stream)
{
    const auto *self = static_cast<const ArrowStream *>(stream->private_data);
    return self->m_failure ? self->m_failure->detail.c_str() : nullptr;
}

} // namespace freshet::query
