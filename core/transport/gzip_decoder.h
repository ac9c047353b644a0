// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/content_coding.h"

namespace freshet::transport {

/// gzip: every member, header checksum, CRC-32 and ISIZE checked; zero bytes after the last member
/// are padding (tar and tape tools write it), anything else is CodingCorrupt.
/// Source: RFC 1952, inflated by ISA-L.
[[nodiscard]] std::unique_ptr<ContentDecoder> makeGzipDecoder();

/// deflate as servers send it: RFC 1950 (zlib, Adler-32 checked) or, as some do against RFC 9110
/// §8.4.1.2, bare RFC 1951; the first two bytes tell.
[[nodiscard]] std::unique_ptr<ContentDecoder> makeDeflateDecoder();

} // namespace freshet::transport
