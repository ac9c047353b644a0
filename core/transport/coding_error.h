// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string_view>

namespace freshet::transport {

/// The piece size in which a decoder hands on what it decoded.
inline constexpr std::size_t kDecodedPiece = 256 * 1024;

/// CodingCorrupt at `offset` of the encoded stream: "damaged gzip data: `reason`".
[[nodiscard]] Error corruptCoding(std::string_view coding, std::string_view reason,
                                  ByteOffset offset);
/// CodingTruncated: the stream stopped at `offset` before its proper end.
[[nodiscard]] Error truncatedCoding(std::string_view coding, ByteOffset offset);

} // namespace freshet::transport
