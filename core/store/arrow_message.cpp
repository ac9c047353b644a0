// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/arrow_message.h"

#include "store/arrow_schema.h"

#include <cstring>
#include <limits>

namespace freshet::store {

using flatbuffers::FlatBufferBuilder;

namespace {

tl::unexpected<Error> damaged(std::string why)
{
    return fail(ErrorCode::LibraryDamaged, std::move(why));
}

/// The finished buffer behind its prefix, padded such that `offset` plus the length is aligned.
std::string framed(const FlatBufferBuilder &builder, std::int64_t offset, std::int64_t alignment)
{
    const std::size_t size = builder.GetSize();
    const std::int64_t end =
        alignedUp(offset + static_cast<std::int64_t>(kMessagePrefix + size), alignment);
    std::string bytes(static_cast<std::size_t>(end - offset), '\0');
    const std::uint32_t marker = kContinuation;
    const auto length = static_cast<std::int32_t>(bytes.size() - kMessagePrefix);
    std::memcpy(bytes.data(), &marker, sizeof marker);
    std::memcpy(bytes.data() + sizeof marker, &length, sizeof length);
    std::memcpy(bytes.data() + kMessagePrefix, builder.GetBufferPointer(), size);
    return bytes;
}

Result<std::vector<ipc::BufferRange>> checkedRanges(const ipc::RecordBatch &batch,
                                                    std::size_t expected, ByteCount bodyLength)
{
    std::vector<ipc::BufferRange> ranges;
    if (const auto *buffers = batch.buffers(); buffers != nullptr) {
        ranges.reserve(buffers->size());
        for (const ipc::BufferRange *range : *buffers)
            ranges.push_back(*range);
    }
    if (ranges.size() != expected)
        return damaged("a record batch with another count of buffers than its schema");
    for (const ipc::BufferRange &range : ranges) {
        if (range.length() == 0)
            continue;
        if (range.offset() < 0 || range.length() < 0 || range.offset() > bodyLength.value() ||
            range.length() > bodyLength.value() - range.offset())
            return damaged("a buffer that leaves the body of its record batch");
    }
    return ranges;
}

} // namespace

std::string schemaMessage(const columnar::Schema &schema)
{
    FlatBufferBuilder builder;
    const auto header = writeSchema(builder, schema);
    builder.Finish(
        ipc::CreateMessage(builder, ipc::Version::V5, ipc::Header::Schema, header.Union(), 0));
    return framed(builder, kFirstMessage, kBodyAlignment);
}

std::string batchMessage(const BatchLayout &layout, std::string_view missing,
                         std::int64_t bodyLength, std::int64_t offset)
{
    FlatBufferBuilder builder(1024 + 16 * (layout.nodes.size() + layout.buffers.size()) +
                              missing.size());
    const auto nodes = builder.CreateVectorOfStructs(layout.nodes);
    const auto buffers = builder.CreateVectorOfStructs(layout.buffers);
    const auto compression = ipc::CreateBodyCompression(builder, ipc::Codec::Zstd);
    const auto batch = ipc::CreateRecordBatch(builder, layout.rows, nodes, buffers, compression);
    flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<ipc::KeyValue>>> metadata;
    if (!missing.empty()) {
        const auto key = builder.CreateString(kMissingKey.data(), kMissingKey.size());
        const auto value = builder.CreateString(missing.data(), missing.size());
        metadata = builder.CreateVector(std::vector{ipc::CreateKeyValue(builder, key, value)});
    }
    builder.Finish(ipc::CreateMessage(builder, ipc::Version::V5, ipc::Header::RecordBatch,
                                      batch.Union(), bodyLength, metadata));
    return framed(builder, offset, kBodyAlignment);
}

std::string footerBytes(const columnar::Schema &schema, const std::vector<ArrowBlock> &blocks)
{
    FlatBufferBuilder builder(1024 + 24 * blocks.size());
    const auto schemaOffset = writeSchema(builder, schema);
    std::vector<ipc::Block> entries;
    entries.reserve(blocks.size());
    for (const ArrowBlock &block : blocks) {
        entries.emplace_back(block.offset.value(), block.metadataLength, block.bodyLength.value());
    }
    const auto dictionaries = builder.CreateVectorOfStructs(std::vector<ipc::Block>());
    const auto batches = builder.CreateVectorOfStructs(entries);
    builder.Finish(
        ipc::CreateFooter(builder, ipc::Version::V5, schemaOffset, dictionaries, batches));

    const auto length = static_cast<std::int32_t>(builder.GetSize());
    std::string bytes(reinterpret_cast<const char *>(builder.GetBufferPointer()),
                      builder.GetSize());
    bytes.append(reinterpret_cast<const char *>(&length), sizeof length);
    return bytes.append(kArrowMagic);
}

Result<std::int32_t> metadataLength(std::string_view prefix)
{
    std::uint32_t marker = 0;
    std::int32_t length = 0;
    if (prefix.size() < kMessagePrefix)
        return damaged("a message without its length");
    std::memcpy(&marker, prefix.data(), sizeof marker);
    std::memcpy(&length, prefix.data() + sizeof marker, sizeof length);
    if (marker != kContinuation || length < 0)
        return damaged("no Arrow message where one should be");
    return length;
}

Result<const ipc::Message *> verifiedMessage(std::span<const std::byte> metadata)
{
    flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t *>(metadata.data()),
                                   metadata.size());
    if (!verifier.VerifyBuffer<ipc::Message>(nullptr))
        return damaged("damaged message metadata");
    const auto *message = flatbuffers::GetRoot<ipc::Message>(metadata.data());
    if (message->version() != ipc::Version::V5 && message->version() != ipc::Version::V4) {
        return fail(ErrorCode::Unsupported,
                    "Arrow metadata version " + std::to_string(int(message->version()) + 1));
    }
    if (message->header_type() != ipc::Header::NONE && message->header() == nullptr)
        return damaged("a message without its header");
    return message;
}

Result<BatchLayout> readLayout(const ipc::Message &message, std::size_t columns,
                               std::size_t buffers, ByteCount bodyLength)
{
    const ipc::RecordBatch *batch = message.header_as_RecordBatch();
    if (batch == nullptr)
        return damaged("another message where a record batch should be");
    if (message.body_length() != bodyLength.value())
        return damaged("a record batch whose body length differs from the index");
    BatchLayout layout;
    layout.rows = batch->length();
    if (layout.rows < 0 || layout.rows > std::numeric_limits<std::int32_t>::max() - 1)
        return damaged("a record batch of " + std::to_string(layout.rows) + " rows");
    if (batch->nodes() != nullptr) {
        for (const ipc::FieldNode *node : *batch->nodes())
            layout.nodes.push_back(*node);
    }
    if (layout.nodes.size() != columns)
        return damaged("a record batch with another count of columns than its schema");
    for (const ipc::FieldNode &node : layout.nodes) {
        if (node.length() != layout.rows)
            return damaged("columns of different lengths in one record batch");
    }
    auto ranges = checkedRanges(*batch, buffers, bodyLength);
    if (!ranges)
        return fail(std::move(ranges).error());
    layout.buffers = std::move(*ranges);
    if (const auto *compression = batch->compression(); compression != nullptr) {
        layout.codec = compression->codec();
        if (compression->method() != ipc::CompressionMethod::EachBuffer ||
            (layout.codec != ipc::Codec::Zstd && layout.codec != ipc::Codec::Lz4Frame))
            return fail(ErrorCode::Unsupported, "a record batch compressed in an unknown way");
    }
    if (message.custom_metadata() != nullptr) {
        for (const ipc::KeyValue *entry : *message.custom_metadata()) {
            if (entry->key() == nullptr || entry->value() == nullptr ||
                entry->key()->string_view() != kMissingKey)
                continue;
            auto marks = MissingMarks::parse(entry->value()->string_view());
            if (!marks)
                return fail(std::move(marks).error());
            layout.missing = std::move(*marks);
        }
    }
    return layout;
}

} // namespace freshet::store
