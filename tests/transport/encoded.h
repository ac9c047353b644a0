// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string>
#include <string_view>

namespace freshet::test {

/// Encoders for tests, by other libraries than the decoders under test where there is a choice:
/// deflate comes from zlib (through Qt), not from ISA-L.

/// `size` bytes of text that compresses about as well as data rows do; the same each time.
[[nodiscard]] std::string sampleText(std::size_t size);

/// RFC 1950.
[[nodiscard]] std::string zlibOf(std::string_view text);
/// RFC 1951.
[[nodiscard]] std::string rawDeflateOf(std::string_view text);

/// Optional parts of a gzip header (RFC 1952 §2.3).
struct GzipHeader
{
    std::string extra;
    std::string name;
    std::string comment;
    bool hasChecksum = false;
};
/// One gzip member.
[[nodiscard]] std::string gzipOf(std::string_view text, const GzipHeader &header = {});
/// One frame with a content checksum.
[[nodiscard]] std::string zstdOf(std::string_view text);
[[nodiscard]] std::string brotliOf(std::string_view text);
/// One frame with a content checksum.
[[nodiscard]] std::string lz4Of(std::string_view text);

} // namespace freshet::test
