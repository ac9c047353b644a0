// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/arrow_file.h"

#include "store/arrow_message.h"
#include "store/arrow_schema.h"
#include "store/buffer_compression.h"
#include "store/checksum.h"
#include "store/missing_marks.h"

#include <cstring>

namespace freshet::store {

using columnar::Buffer;
using columnar::Column;
using columnar::MutableBuffer;
using columnar::RecordBatch;
using columnar::SchemaPtr;
using columnar::TypeKind;

struct ArrowFileWriter::Impl
{
    File file;
    SchemaPtr schema;
    std::vector<ArrowBlock> blocks;
    ByteCount length;
    BufferCompressor compressor;
    std::vector<BufferCompressor::Habit> habits; ///< one for each buffer of a batch
    MutableBuffer body;
    BatchLayout layout;

    Impl(File target, SchemaPtr shape) : file(std::move(target)), schema(std::move(shape))
    {
        std::size_t buffers = 0;
        for (const columnar::Field &field : schema->fields)
            buffers += static_cast<std::size_t>(nativeStorage(field.type).bufferCount());
        habits.resize(buffers);
    }

    [[nodiscard]] Status addBuffer(const Buffer &buffer, std::size_t size);
    [[nodiscard]] Status addColumn(const Column &column);
    void padBody();
};

void ArrowFileWriter::Impl::padBody()
{
    const std::size_t used = body.size();
    const auto padded =
        static_cast<std::size_t>(alignedUp(static_cast<std::int64_t>(used), kBodyAlignment));
    body.resize(padded);
    if (padded > used)
        std::memset(body.data() + used, 0, padded - used);
}

/// Store the first `size` bytes of `buffer`; what it lacks (an absent bitmap, the values of a
/// column of nulls) is zero.
Status ArrowFileWriter::Impl::addBuffer(const Buffer &buffer, std::size_t size)
{
    BufferCompressor::Habit &habit = habits[layout.buffers.size()];
    const std::size_t start = body.size();
    if (size != 0) {
        Buffer zeros;
        if (buffer.size() < size) {
            MutableBuffer filled;
            filled.append(buffer.data(), buffer.size());
            filled.resize(size);
            std::memset(filled.data() + buffer.size(), 0, size - buffer.size());
            zeros = filled.finish();
        }
        const Buffer &whole = zeros ? zeros : buffer;
        FRESHET_TRY(compressor.append(body, {whole.data(), size}, habit));
    }
    layout.buffers.emplace_back(static_cast<std::int64_t>(start),
                                static_cast<std::int64_t>(body.size() - start));
    padBody();
    return {};
}

Status ArrowFileWriter::Impl::addColumn(const Column &column)
{
    layout.nodes.emplace_back(column.length, column.nullCount);
    if (column.type.kind == TypeKind::Null)
        return {};
    const auto rows = static_cast<std::size_t>(column.length);
    FRESHET_TRY(addBuffer(column.validity,
                          column.nullCount == 0 ? 0 : columnar::bitmapBytes(column.length)));
    if (column.type.isText()) {
        const bool hasOffsets = column.offsets.size() >= (rows + 1) * sizeof(std::int32_t);
        const std::int32_t textSize = hasOffsets ? column.offsets.as<std::int32_t>()[rows] : 0;
        FRESHET_TRY(addBuffer(column.offsets, (rows + 1) * sizeof(std::int32_t)));
        return addBuffer(column.values, static_cast<std::size_t>(textSize));
    }
    const std::size_t size =
        column.type.kind == TypeKind::Bool
            ? columnar::bitmapBytes(column.length)
            : rows * static_cast<std::size_t>(columnar::valueWidth(column.type.kind));
    return addBuffer(column.values, size);
}

ArrowFileWriter::ArrowFileWriter(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ArrowFileWriter::ArrowFileWriter(ArrowFileWriter &&) noexcept = default;
ArrowFileWriter &ArrowFileWriter::operator=(ArrowFileWriter &&) noexcept = default;
ArrowFileWriter::~ArrowFileWriter() = default;

Result<ArrowFileWriter> ArrowFileWriter::create(File file, SchemaPtr schema)
{
    auto impl = std::make_unique<Impl>(std::move(file), std::move(schema));
    std::string head(kArrowMagic);
    head.resize(kFirstMessage, '\0');
    head += schemaMessage(*impl->schema);
    FRESHET_TRY(impl->file.writeAt(ByteOffset(0), head));
    impl->length = ByteCount(static_cast<std::int64_t>(head.size()));
    return ArrowFileWriter(std::move(impl));
}

Result<ArrowFileWriter> ArrowFileWriter::resume(File file, SchemaPtr schema,
                                                std::vector<ArrowBlock> blocks)
{
    auto impl = std::make_unique<Impl>(std::move(file), std::move(schema));
    const auto size = impl->file.size();
    if (!size)
        return fail(size.error());
    impl->length = *size;
    impl->blocks = std::move(blocks);
    return ArrowFileWriter(std::move(impl));
}

Status ArrowFileWriter::append(const RecordBatch &batch)
{
    Impl &d = *m_impl;
    if (batch.columns.size() != d.schema->fields.size())
        return fail(ErrorCode::Internal, "a batch with another schema than its file");
    d.body.setSize(0);
    d.layout.rows = batch.rowCount;
    d.layout.nodes.clear();
    d.layout.buffers.clear();
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
        if (batch.columns[i].type != d.schema->fields[i].type)
            return fail(ErrorCode::Internal, "a column with another type than its file");
        FRESHET_TRY(d.addColumn(batch.columns[i]));
    }
    auto missing = writeMissingMarks(batch);
    if (!missing)
        return fail(std::move(missing).error());
    const auto bodyLength = static_cast<std::int64_t>(d.body.size());
    const std::string metadata = batchMessage(d.layout, *missing, bodyLength, d.length.value());
    const ByteOffset place(d.length.value());
    const ByteCount metadataSize(static_cast<std::int64_t>(metadata.size()));
    const std::string_view body(d.body.as<char>(), d.body.size());
    FRESHET_TRY(d.file.writeAt(place, metadata));
    FRESHET_TRY(d.file.writeAt(place + metadataSize, body));
    Checksum checksum;
    checksum.append(metadata);
    checksum.append(body);
    d.blocks.push_back({.offset = place,
                        .metadataLength = static_cast<std::int32_t>(metadata.size()),
                        .bodyLength = ByteCount(bodyLength),
                        .rows = RowCount(batch.rowCount),
                        .checksum = checksum.value()});
    d.length += metadataSize + ByteCount(bodyLength);
    return {};
}

const std::vector<ArrowBlock> &ArrowFileWriter::blocks() const
{
    return m_impl->blocks;
}

ByteCount ArrowFileWriter::length() const
{
    return m_impl->length;
}

File &ArrowFileWriter::file()
{
    return m_impl->file;
}

Result<std::uint64_t> ArrowFileWriter::finish()
{
    Impl &d = *m_impl;
    std::string end(kMessagePrefix, '\0');
    std::memcpy(end.data(), &kContinuation, sizeof kContinuation);
    end += footerBytes(*d.schema, d.blocks);
    FRESHET_TRY(d.file.writeAt(ByteOffset(d.length.value()), end));
    d.length += ByteCount(static_cast<std::int64_t>(end.size()));
    Checksum checksum;
    checksum.append(end);
    return checksum.value();
}

} // namespace freshet::store
