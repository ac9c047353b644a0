// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/arrow_file.h"

#include "store/arrow_block_reader.h"

#include <cstring>
#include <string>

namespace freshet::store {

using columnar::Column;
using columnar::SchemaPtr;

namespace {

class FileReader final : public ArrowFileReader
{
public:
    FileReader(std::unique_ptr<ArrowBlockReader> reader, std::vector<ArrowBlock> blocks,
               bool hasEnd)
        : m_reader(std::move(reader)), m_blocks(std::move(blocks)), m_hasEnd(hasEnd)
    {}

    const SchemaPtr &schema() const override { return m_reader->schema().schema; }
    const std::vector<ArrowBlock> &blocks() const override { return m_blocks; }
    bool hasEnd() const override { return m_hasEnd; }
    Result<Column> column(std::size_t block, int column) const override
    {
        if (block >= m_blocks.size())
            return fail(ErrorCode::InvalidArgument, "no batch number " + std::to_string(block));
        return m_reader->column(m_blocks[block], column);
    }

private:
    std::unique_ptr<ArrowBlockReader> m_reader;
    std::vector<ArrowBlock> m_blocks;
    bool m_hasEnd;
};

using OpenedFile = Result<std::shared_ptr<const ArrowFileReader>>;

OpenedFile finished(std::unique_ptr<ArrowBlockReader> reader, std::vector<ArrowBlock> blocks,
                    bool hasEnd)
{
    FRESHET_TRY(reader->settleNanoseconds(blocks));
    return std::make_shared<const FileReader>(std::move(reader), std::move(blocks), hasEnd);
}

tl::unexpected<Error> damaged(const File &file, ByteOffset offset, std::string why)
{
    return fail(Error{.code = ErrorCode::LibraryDamaged,
                      .detail = file.path().string() + ": " + std::move(why),
                      .byteOffset = offset});
}

/// The verified footer, kept in `bytes`.
Result<const ipc::Footer *> readFooter(const File &file, ByteCount size,
                                       columnar::MutableBuffer &bytes)
{
    constexpr auto magicSize = static_cast<std::int64_t>(kArrowMagic.size());
    constexpr std::int64_t tailSize = magicSize + 4;
    const ByteOffset end(size.value());
    if (size.value() < kFirstMessage + tailSize)
        return damaged(file, end, "too short for an Arrow file");
    char tail[tailSize];
    FRESHET_TRY(file.readAt(end - ByteCount(tailSize), tail));
    if (std::string_view(tail + 4, kArrowMagic.size()) != kArrowMagic)
        return damaged(file, end, "no Arrow footer at the end");
    std::int32_t length = 0;
    std::memcpy(&length, tail, sizeof length);
    if (length <= 0 || length > size.value() - kFirstMessage - tailSize)
        return damaged(file, end, "a footer longer than the file");
    const ByteOffset start = end - ByteCount(tailSize + length);
    bytes.resize(static_cast<std::size_t>(length));
    FRESHET_TRY(file.readAt(start, {bytes.as<char>(), bytes.size()}));
    flatbuffers::Verifier verifier(bytes.as<std::uint8_t>(), bytes.size());
    if (!verifier.VerifyBuffer<ipc::Footer>(nullptr))
        return damaged(file, start, "a damaged footer");
    return flatbuffers::GetRoot<ipc::Footer>(bytes.data());
}

/// The blocks that stand one behind the other up to `end` or a mark.
OpenedFile walked(std::unique_ptr<ArrowBlockReader> reader, ByteOffset end)
{
    std::vector<ArrowBlock> blocks;
    bool hasEnd = false;
    for (ByteOffset place = reader->firstBlock(); place < end && !hasEnd;) {
        const auto block = reader->blockAt(place, end);
        if (!block)
            return fail(block.error());
        if (!*block && (end - place).value() < static_cast<std::int64_t>(kMessagePrefix))
            break;
        hasEnd = !*block;
        if (hasEnd)
            break;
        blocks.push_back(**block);
        place += ByteCount((*block)->metadataLength) + (*block)->bodyLength;
    }
    return finished(std::move(reader), std::move(blocks), hasEnd);
}

} // namespace

ArrowFileReader::~ArrowFileReader() = default;

OpenedFile ArrowFileReader::open(const std::filesystem::path &path)
{
    auto reader = ArrowBlockReader::openBare(path);
    if (!reader)
        return fail(std::move(reader).error());
    const auto size = (*reader)->size();
    if (!size)
        return fail(size.error());
    columnar::MutableBuffer bytes;
    const auto footer = readFooter((*reader)->file(), *size, bytes);
    if (!footer)
        return fail(footer.error());

    FRESHET_TRY((*reader)->adoptSchema((*footer)->schema(), ByteOffset(size->value())));
    if ((*footer)->dictionaries() != nullptr && (*footer)->dictionaries()->size() != 0)
        return fail(ErrorCode::Unsupported, path.string() + ": dictionary-encoded columns");

    std::vector<ArrowBlock> blocks;
    if (const auto *entries = (*footer)->batches(); entries != nullptr) {
        blocks.reserve(entries->size());
        for (const ipc::Block *entry : *entries) {
            ArrowBlock block{.offset = ByteOffset(entry->offset()),
                             .metadataLength = entry->metadata_length(),
                             .bodyLength = ByteCount(entry->body_length())};
            const auto rows = (*reader)->rowsOf(block);
            if (!rows)
                return fail(rows.error());
            block.rows = *rows;
            blocks.push_back(block);
        }
    }
    return finished(std::move(*reader), std::move(blocks), true);
}

OpenedFile ArrowFileReader::recover(const std::filesystem::path &path, ByteCount length)
{
    auto reader = ArrowBlockReader::open(path);
    if (!reader)
        return fail(std::move(reader).error());
    const auto size = (*reader)->size();
    if (!size)
        return fail(size.error());
    if (length > *size)
        return damaged((*reader)->file(), ByteOffset(size->value()), "shorter than it should be");
    return walked(std::move(*reader), ByteOffset(length.value()));
}

OpenedFile ArrowFileReader::openStream(const std::filesystem::path &path)
{
    auto reader = ArrowBlockReader::openStream(path);
    if (!reader)
        return fail(std::move(reader).error());
    const auto size = (*reader)->size();
    if (!size)
        return fail(size.error());
    return walked(std::move(*reader), ByteOffset(size->value()));
}

} // namespace freshet::store
