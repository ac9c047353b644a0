// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/limits.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

/// Undoes one content coding, piece by piece. A stream that has not reached its proper end at
/// `finish()` is CodingTruncated; damage is CodingCorrupt with the byte offset in the encoded
/// stream. Source: RFC 9110 §8.4; RFC 1950–1952 (ISA-L, all members); RFC 8878; RFC 7932; LZ4 frame
/// format. Limits: `Limits::compressionRatio`, else SizeLimitExceeded. Threads: one thread at a
/// time.
class ContentDecoder
{
public:
    using Output = std::function<Status(std::string_view)>;

    virtual ~ContentDecoder() = default;
    /// Decode `bytes`, passing what they give to `output` in pieces of at most 256 KiB.
    [[nodiscard]] virtual Status feed(std::string_view bytes, const Output &output) = 0;
    [[nodiscard]] virtual Status finish(const Output &output) = 0;
};

/// A decoder for the codings in the order they were applied (`Content-Encoding: deflate, gzip` was
/// deflated first). `identity` and an empty list pass bytes through. Names in any case; `x-gzip` is
/// gzip; `deflate` with and without the zlib header; `zstd`, `br`, `lz4`.
/// Errors: CodingUnsupported naming the coding.
[[nodiscard]] Result<std::unique_ptr<ContentDecoder>>
makeContentDecoder(const std::vector<std::string> &codings, const Limits &limits);

/// The coding of a file by its first bytes and, for br, which has no signature, its suffix.
/// Empty if none.
[[nodiscard]] std::string codingOfFile(std::string_view name, std::string_view firstBytes);

} // namespace freshet::transport
