// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/arrow_block_reader.h"

#include "base/limits.h"
#include "store/buffer_compression.h"
#include "store/missing_marks.h"

#include <algorithm>

namespace freshet::store {

using columnar::Buffer;
using columnar::Column;
using columnar::MutableBuffer;
using columnar::TypeKind;

namespace {

/// Metadata of one message; 10,000 columns take about 3 MiB of it.
constexpr std::int64_t kMaxMetadata = 256LL << 20;
/// What a compressed buffer may grow to without being asked how much it shrank, and beyond that per
/// stored byte. Our own batches stay below the first.
constexpr std::int64_t kPlausibleBuffer = 256LL << 20;

std::int64_t restoredLimit(std::int64_t storedBytes)
{
    return std::max(kPlausibleBuffer, storedBytes * Limits().compressionRatio);
}

constexpr std::int64_t prefixBytes = static_cast<std::int64_t>(kMessagePrefix);

} // namespace

Result<std::unique_ptr<ArrowBlockReader>>
ArrowBlockReader::openBare(const std::filesystem::path &path)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    std::unique_ptr<ArrowBlockReader> reader(new ArrowBlockReader(std::move(*file)));
    const auto magic = reader->read(ByteOffset(0), kFirstMessage);
    if (!magic || !magic->text().starts_with(kArrowMagic)) {
        return fail(reader->placed(
            {.code = ErrorCode::LibraryDamaged, .detail = "not an Arrow file"}, ByteOffset(0)));
    }
    return reader;
}

Result<std::unique_ptr<ArrowBlockReader>> ArrowBlockReader::open(const std::filesystem::path &path)
{
    auto reader = openBare(path);
    if (reader)
        FRESHET_TRY((*reader)->readSchemaMessage(ByteOffset(kFirstMessage)));
    return reader;
}

Result<std::unique_ptr<ArrowBlockReader>>
ArrowBlockReader::openStream(const std::filesystem::path &path)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    std::unique_ptr<ArrowBlockReader> reader(new ArrowBlockReader(std::move(*file)));
    FRESHET_TRY(reader->readSchemaMessage(ByteOffset()));
    return reader;
}

Status ArrowBlockReader::adoptSchema(const ipc::Schema *schema, ByteOffset place)
{
    auto translated = readSchema(schema, m_file.path().string());
    if (!translated)
        return fail(placed(std::move(translated).error(), place));
    m_schema = std::move(*translated);
    return {};
}

Error ArrowBlockReader::placed(Error error, ByteOffset offset, int column) const
{
    const std::string path = m_file.path().string();
    if (error.detail.find(path) == std::string::npos)
        error.detail = path + ": " + error.detail;
    if (!error.byteOffset)
        error.byteOffset = offset;
    if (column >= 0 && error.column.empty())
        error.column = m_schema.schema->fields[static_cast<std::size_t>(column)].name;
    // A file that ends before its index says so is damaged, whatever the read called it.
    if (error.code == ErrorCode::Truncated)
        error.code = ErrorCode::LibraryDamaged;
    return error;
}

Result<ByteCount> ArrowBlockReader::size() const
{
    auto size = m_file.size();
    if (size)
        m_knownSize.store(size->value(), std::memory_order_relaxed);
    return size;
}

Status ArrowBlockReader::checkWithinFile(ByteOffset offset, std::int64_t length) const
{
    std::int64_t end = 0;
    if (offset.value() < 0 || length < 0 || __builtin_add_overflow(offset.value(), length, &end))
        return fail(ErrorCode::LibraryDamaged, "a place outside of the file");
    if (end <= m_knownSize.load(std::memory_order_relaxed))
        return {};
    const auto now = size();
    if (!now)
        return fail(now.error());
    if (end > now->value())
        return fail(ErrorCode::LibraryDamaged, "the file is shorter than its index says");
    return {};
}

/// `length` bytes at `offset`, at `lead` bytes behind a 64-byte border.
Result<Buffer> ArrowBlockReader::read(ByteOffset offset, std::int64_t length,
                                      std::size_t lead) const
{
    FRESHET_TRY(checkWithinFile(offset, length));
    const auto size = static_cast<std::size_t>(length);
    MutableBuffer bytes;
    bytes.resize(lead + size);
    FRESHET_TRY(m_file.readAt(offset, {bytes.as<char>() + lead, size}));
    return bytes.finish().slice(lead, size);
}

Status ArrowBlockReader::readSchemaMessage(ByteOffset start)
{
    const auto refuse = [this](Error error, ByteOffset offset) -> Status {
        return fail(placed(std::move(error), offset));
    };
    const auto prefix = read(start, prefixBytes);
    if (!prefix)
        return refuse(prefix.error(), start);
    const auto length = metadataLength(prefix->text());
    if (!length)
        return refuse(length.error(), start);
    const auto metadata = read(start + ByteCount(prefixBytes), *length);
    if (!metadata)
        return refuse(metadata.error(), start);
    const auto message = verifiedMessage({metadata->data(), metadata->size()});
    if (!message)
        return refuse(message.error(), start);
    FRESHET_TRY(adoptSchema((*message)->header_as_Schema(), start));
    m_firstBlock = start + ByteCount(prefixBytes + *length);
    return {};
}

Result<std::optional<ArrowBlock>> ArrowBlockReader::blockAt(ByteOffset offset, ByteOffset end) const
{
    if ((end - offset).value() < prefixBytes)
        return std::nullopt;
    const auto prefix = read(offset, prefixBytes);
    if (!prefix)
        return fail(placed(prefix.error(), offset));
    const auto length = metadataLength(prefix->text());
    if (!length)
        return fail(placed(length.error(), offset));
    if (*length == 0)
        return std::nullopt;
    ArrowBlock block{.offset = offset};
    if (*length > kMaxMetadata || *length > (end - offset).value() - prefixBytes) {
        return fail(
            placed({.code = ErrorCode::LibraryDamaged, .detail = "a message cut short"}, offset));
    }
    block.metadataLength = *length + static_cast<std::int32_t>(prefixBytes);
    const auto metadata = read(offset + ByteCount(prefixBytes), *length);
    if (!metadata)
        return fail(placed(metadata.error(), offset));
    const auto message = verifiedMessage({metadata->data(), metadata->size()});
    if (!message)
        return fail(placed(message.error(), offset));
    block.bodyLength = ByteCount((*message)->body_length());
    const std::int64_t room = (end - offset).value() - block.metadataLength;
    if (block.bodyLength.value() < 0 || block.bodyLength.value() > room) {
        return fail(
            placed({.code = ErrorCode::LibraryDamaged, .detail = "a body cut short"}, offset));
    }
    const auto rows = rowsOf(block);
    if (!rows)
        return fail(rows.error());
    block.rows = *rows;
    return block;
}

Result<RowCount> ArrowBlockReader::rowsOf(const ArrowBlock &block) const
{
    const auto layout = layoutOf(block);
    if (!layout)
        return fail(layout.error());
    return RowCount((*layout)->rows);
}

Result<ArrowBlockReader::LayoutPtr> ArrowBlockReader::readLayoutOf(const ArrowBlock &block) const
{
    if (block.metadataLength < prefixBytes || block.metadataLength > kMaxMetadata ||
        block.bodyLength.value() < 0)
        return fail(ErrorCode::LibraryDamaged, "an impossible entry in the index of batches");
    FRESHET_TRY(
        checkWithinFile(block.offset + ByteCount(block.metadataLength), block.bodyLength.value()));
    auto frame = read(block.offset, block.metadataLength);
    if (!frame)
        return fail(std::move(frame).error());
    const auto length = metadataLength(frame->text());
    if (!length)
        return fail(length.error());
    if (*length == 0 || *length > block.metadataLength - prefixBytes)
        return fail(ErrorCode::LibraryDamaged, "a message longer than the index says");
    const auto message =
        verifiedMessage({frame->data() + kMessagePrefix, static_cast<std::size_t>(*length)});
    if (!message)
        return fail(message.error());
    auto layout = readLayout(**message, m_schema.storage.size(),
                             static_cast<std::size_t>(m_schema.bufferCount), block.bodyLength);
    if (!layout)
        return fail(std::move(layout).error());
    return std::make_shared<const BatchLayout>(std::move(*layout));
}

Result<ArrowBlockReader::LayoutPtr> ArrowBlockReader::layoutOf(const ArrowBlock &block) const
{
    // Blocks start at multiples of 64; the bits above tell neighbours apart well enough.
    const auto slot = static_cast<std::size_t>(block.offset.value() >> 6) % m_recent.size();
    {
        const std::lock_guard lock(m_mutex);
        if (m_recent[slot].offset == block.offset)
            return m_recent[slot].layout;
    }
    auto layout = readLayoutOf(block);
    if (!layout)
        return fail(placed(std::move(layout).error(), block.offset));
    const std::lock_guard lock(m_mutex);
    m_recent[slot] = {block.offset, *layout};
    return layout;
}

Result<Buffer> ArrowBlockReader::bufferOf(const ArrowBlock &block, const BatchLayout &layout,
                                          std::size_t index) const
{
    const ipc::BufferRange range = layout.buffers[index];
    if (range.length() == 0)
        return Buffer();
    const ByteOffset place =
        block.offset + ByteCount(block.metadataLength) + ByteCount(range.offset());
    if (!layout.codec)
        return read(place, range.length());
    const auto stored = read(place, range.length(), kReadAhead);
    if (!stored)
        return fail(stored.error());
    return restoreBuffer(*layout.codec, *stored, restoredLimit(range.length()));
}

Result<StoredBuffers> ArrowBlockReader::buffersOf(const ArrowBlock &block,
                                                  const BatchLayout &layout, int column) const
{
    const auto index = static_cast<std::size_t>(column);
    const ArrowStorage &storage = m_schema.storage[index];
    StoredBuffers buffers;
    if (storage.bufferCount() == 0)
        return buffers;
    auto next = static_cast<std::size_t>(m_schema.firstBuffer[index]);
    const auto take = [&](Buffer &into) -> Status {
        auto buffer = bufferOf(block, layout, next++);
        if (!buffer)
            return fail(std::move(buffer).error());
        into = std::move(*buffer);
        return {};
    };
    FRESHET_TRY(take(buffers.validity));
    if (storage.kind == ArrowStorage::Kind::VariableBytes)
        FRESHET_TRY(take(buffers.offsets));
    FRESHET_TRY(take(buffers.values));
    // A writer may keep the bitmap of a column without nulls, or drop it: its count decides.
    if (layout.nodes[index].null_count() == 0)
        buffers.validity = Buffer();
    return buffers;
}

Result<Column> ArrowBlockReader::column(const ArrowBlock &block, int column) const
{
    const auto index = static_cast<std::size_t>(column);
    if (column < 0 || index >= m_schema.storage.size())
        return fail(ErrorCode::InvalidArgument, "no column number " + std::to_string(column));
    const auto layout = layoutOf(block);
    if (!layout)
        return fail(layout.error());
    auto buffers = buffersOf(block, **layout, column);
    if (!buffers)
        return fail(placed(std::move(buffers).error(), block.offset, column));
    auto result = assembleColumn(m_schema.schema->fields[index].type, m_schema.storage[index],
                                 (*layout)->rows, std::move(*buffers));
    if (!result)
        return fail(placed(std::move(result).error(), block.offset, column));
    if (auto marked = (*layout)->missing.apply(index, *result); !marked)
        return fail(placed(std::move(marked).error(), block.offset, column));
    return result;
}

Status ArrowBlockReader::settleNanoseconds(const std::vector<ArrowBlock> &blocks)
{
    columnar::Schema settled = *m_schema.schema;
    for (std::size_t i = 0; i < m_schema.storage.size(); ++i) {
        if (m_schema.storage[i].unitsPerSecond <= 1'000'000)
            continue;
        const int column = static_cast<int>(i);
        bool fits = true;
        for (std::size_t b = 0; fits && b < blocks.size(); ++b) {
            const auto layout = layoutOf(blocks[b]);
            if (!layout)
                return fail(layout.error());
            const auto buffers = buffersOf(blocks[b], **layout, column);
            if (!buffers)
                return fail(placed(buffers.error(), blocks[b].offset, column));
            const auto answer = fitsMicroseconds((*layout)->rows, *buffers);
            if (!answer)
                return fail(placed(answer.error(), blocks[b].offset, column));
            fits = *answer;
        }
        if (!fits)
            settled.fields[i].type = {.kind = TypeKind::String};
    }
    m_schema.schema = std::make_shared<const columnar::Schema>(std::move(settled));
    return {};
}

} // namespace freshet::store
