// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <cstdint>
#include <string_view>

namespace freshet::transport {

/// A checksum of the first `length` bytes of a stream: tells whether a body that is read again
/// begins with what was read before. Source: CRC-64 of ECMA-182, reflected; guards against change,
/// not against an adversary.
struct PrefixDigest
{
    ByteCount length;
    std::uint64_t crc = 0;

    /// Take in the next bytes of the stream.
    void append(std::string_view bytes);

    bool operator==(const PrefixDigest &) const = default;
};

} // namespace freshet::transport
