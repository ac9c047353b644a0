// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/file.h"
#include "columnar/record_batch.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace freshet::store {

/// Where one record batch lies in an Arrow file.
struct ArrowBlock
{
    ByteOffset offset; ///< of the message
    std::int32_t metadataLength = 0;
    ByteCount bodyLength;
    RowCount rows;
    /// Of the whole message, its body included; unset for files whose index keeps none.
    std::optional<std::uint64_t> checksum = std::nullopt;
};

/// Writes an Arrow IPC file: magic, schema, record batches with ZSTD-compressed buffers, footer.
/// Source: Arrow IPC file format 1.x (metadata V5, BodyCompression BUFFER, alignment 8).
///
/// The file is readable up to the last `append` even without a footer (see
/// `ArrowFileReader::recover`). Threads: one thread at a time.
class ArrowFileWriter
{
public:
    /// Starts at the current end of `file`, which is empty.
    [[nodiscard]] static Result<ArrowFileWriter> create(File file, columnar::SchemaPtr schema);
    /// Goes on behind the last block of a file whose footer, if any, is cut off.
    [[nodiscard]] static Result<ArrowFileWriter> resume(File file, columnar::SchemaPtr schema,
                                                        std::vector<ArrowBlock> blocks);
    ArrowFileWriter(ArrowFileWriter &&) noexcept;
    ArrowFileWriter &operator=(ArrowFileWriter &&) noexcept;
    ~ArrowFileWriter();

    [[nodiscard]] Status append(const columnar::RecordBatch &batch);
    [[nodiscard]] const std::vector<ArrowBlock> &blocks() const;
    /// Bytes written so far.
    [[nodiscard]] ByteCount length() const;
    [[nodiscard]] File &file();
    /// Write the footer; the file stays open. Output: the checksum of what was written.
    [[nodiscard]] Result<std::uint64_t> finish();

private:
    struct Impl;
    explicit ArrowFileWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Reads Arrow IPC files and streams at random: our own and those of other writers, compressed with
/// ZSTD or LZ4 or not at all, as far as their types have a LogicalType. Errors: LibraryDamaged with
/// the byte offset; every length is checked before it is used. Threads: thread-safe.
class ArrowFileReader
{
public:
    [[nodiscard]] static Result<std::shared_ptr<const ArrowFileReader>>
    open(const std::filesystem::path &path);
    /// Open a file without a footer by walking its messages up to `length`.
    [[nodiscard]] static Result<std::shared_ptr<const ArrowFileReader>>
    recover(const std::filesystem::path &path, ByteCount length);
    /// Open an IPC stream in a file. Its end-of-stream mark may be missing: see `hasEnd`.
    [[nodiscard]] static Result<std::shared_ptr<const ArrowFileReader>>
    openStream(const std::filesystem::path &path);
    virtual ~ArrowFileReader();

    [[nodiscard]] virtual const columnar::SchemaPtr &schema() const = 0;
    [[nodiscard]] virtual const std::vector<ArrowBlock> &blocks() const = 0;
    /// Whether a footer, or a stream's end mark, says that these blocks are all.
    [[nodiscard]] virtual bool hasEnd() const = 0;
    /// Read and decompress one column of one batch: only its buffers.
    [[nodiscard]] virtual Result<columnar::Column> column(std::size_t block, int column) const = 0;
};

} // namespace freshet::store
