// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "columnar/buffer.h"
#include "columnar/schema.h"
#include "store/arrow_file.h"
#include "store/missing_marks.h"

#include "arrow_ipc_generated.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::store {

/// Framing of an encapsulated message: this marker, the length of what follows, the metadata with
/// its padding. Source: Arrow IPC format, "Encapsulated message format".
inline constexpr std::uint32_t kContinuation = 0xFFFFFFFF;
inline constexpr std::size_t kMessagePrefix = 8;
/// First and last bytes of a file; the first magic is padded to eight.
inline constexpr std::string_view kArrowMagic = "ARROW1";
inline constexpr std::int64_t kFirstMessage = 8;
/// Bodies and the buffers in them start at such borders (the format asks for 8 only).
inline constexpr std::int64_t kBodyAlignment = 64;

[[nodiscard]] constexpr std::int64_t alignedUp(std::int64_t value, std::int64_t alignment)
{
    return (value + alignment - 1) / alignment * alignment;
}

/// Where the parts of one record batch lie, from its verified metadata.
struct BatchLayout
{
    std::int64_t rows = 0;
    std::vector<ipc::FieldNode> nodes;
    std::vector<ipc::BufferRange> buffers; ///< each within the body
    std::optional<ipc::Codec> codec;
    MissingMarks missing;
};

/// The schema message, framed, padded so that the byte behind it is `kBodyAlignment`-aligned when
/// it is written at `kFirstMessage`.
[[nodiscard]] std::string schemaMessage(const columnar::Schema &schema);
/// The metadata of a record batch, framed, padded so that the body behind it is aligned when the
/// message is written at `offset`. Compression is ZSTD; `missing` is the text of
/// `writeMissingMarks`.
[[nodiscard]] std::string batchMessage(const BatchLayout &layout, std::string_view missing,
                                       std::int64_t bodyLength, std::int64_t offset);
/// The footer with its length and the magic, as it stands at the end of a file.
[[nodiscard]] std::string footerBytes(const columnar::Schema &schema,
                                      const std::vector<ArrowBlock> &blocks);

/// The length field of a frame's prefix: bytes of metadata, 0 for the end-of-stream mark.
/// Errors: LibraryDamaged without the continuation marker or with a negative length.
[[nodiscard]] Result<std::int32_t> metadataLength(std::string_view prefix);

/// Check `metadata` (without the prefix, 8-byte aligned) as a message and hand it out.
/// Errors: LibraryDamaged; Unsupported for a metadata version other than V4 and V5.
[[nodiscard]] Result<const ipc::Message *> verifiedMessage(std::span<const std::byte> metadata);

/// The layout in a record batch message whose body has `bodyLength` bytes.
/// Errors: LibraryDamaged if it is no record batch, counts do not fit a schema of `columns` with
/// `buffers`, or a range leaves the body; Unsupported for dictionaries and other codecs.
[[nodiscard]] Result<BatchLayout> readLayout(const ipc::Message &message, std::size_t columns,
                                             std::size_t buffers, ByteCount bodyLength);

} // namespace freshet::store
