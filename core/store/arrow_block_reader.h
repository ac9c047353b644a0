// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "store/arrow_column.h"
#include "store/arrow_message.h"
#include "store/arrow_schema.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

namespace freshet::store {

/// Reads single columns of record batches whose place is known, from a file that may still be
/// growing. Nothing is believed: metadata is verified, each range is checked against the file.
///
/// Threads: thread-safe. Errors carry the file's path and the byte offset of the message.
class ArrowBlockReader
{
public:
    /// Open the file and read its schema message.
    [[nodiscard]] static Result<std::unique_ptr<ArrowBlockReader>>
    open(const std::filesystem::path &path);
    /// Open the file without a schema; `adoptSchema` comes next. Some writers put
    /// the schema into the footer only.
    [[nodiscard]] static Result<std::unique_ptr<ArrowBlockReader>>
    openBare(const std::filesystem::path &path);
    /// Open what has the messages of an IPC stream and nothing around them, and read its schema.
    [[nodiscard]] static Result<std::unique_ptr<ArrowBlockReader>>
    openStream(const std::filesystem::path &path);
    [[nodiscard]] Status adoptSchema(const ipc::Schema *schema, ByteOffset place);

    [[nodiscard]] const ArrowSchema &schema() const { return m_schema; }
    [[nodiscard]] const File &file() const { return m_file; }
    /// Where the message behind the schema starts.
    [[nodiscard]] ByteOffset firstBlock() const { return m_firstBlock; }
    [[nodiscard]] Result<ByteCount> size() const;

    /// The block whose message starts at `offset`, within `end`; nothing at an end-of-stream mark
    /// or where `end` leaves no room for a prefix.
    [[nodiscard]] Result<std::optional<ArrowBlock>> blockAt(ByteOffset offset,
                                                            ByteOffset end) const;
    [[nodiscard]] Result<RowCount> rowsOf(const ArrowBlock &block) const;
    [[nodiscard]] Result<columnar::Column> column(const ArrowBlock &block, int column) const;

    /// Where nanoseconds do not fit into microseconds in one of `blocks`, make the column text.
    /// To be called before the reader is shared.
    [[nodiscard]] Status settleNanoseconds(const std::vector<ArrowBlock> &blocks);

private:
    using LayoutPtr = std::shared_ptr<const BatchLayout>;
    struct RecentLayout
    {
        ByteOffset offset{-1};
        LayoutPtr layout;
    };

    explicit ArrowBlockReader(File file) : m_file(std::move(file)) {}
    [[nodiscard]] Status readSchemaMessage(ByteOffset start);
    [[nodiscard]] Status checkWithinFile(ByteOffset offset, std::int64_t length) const;
    [[nodiscard]] Result<columnar::Buffer> read(ByteOffset offset, std::int64_t length,
                                                std::size_t lead = 0) const;
    [[nodiscard]] Result<LayoutPtr> layoutOf(const ArrowBlock &block) const;
    [[nodiscard]] Result<LayoutPtr> readLayoutOf(const ArrowBlock &block) const;
    [[nodiscard]] Result<StoredBuffers> buffersOf(const ArrowBlock &block,
                                                  const BatchLayout &layout, int column) const;
    [[nodiscard]] Result<columnar::Buffer>
    bufferOf(const ArrowBlock &block, const BatchLayout &layout, std::size_t index) const;
    [[nodiscard]] Error placed(Error error, ByteOffset offset, int column = -1) const;

    File m_file;
    ArrowSchema m_schema;
    ByteOffset m_firstBlock;
    /// The file's size when last asked; it only grows while blocks of it are known.
    mutable std::atomic<std::int64_t> m_knownSize{0};
    mutable std::mutex m_mutex;
    mutable std::array<RecentLayout, 8> m_recent;
};

} // namespace freshet::store
