// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

namespace freshet {

/// Bounds on what one input may ask of us. Every length from the wire is checked against them
/// before memory is taken; passing one ends in an Error that names the place.
struct Limits
{
    /// One row, line, event or CSV record.
    ByteCount rowBytes = 64_MiB;
    /// Levels of objects and arrays inside each other.
    int nestingDepth = 1000;
    /// Columns of one dataset.
    int columns = 10'000;
    /// Bytes of response headers.
    ByteCount headerBytes = 1_MiB;
    /// Bytes after decompression, per byte before it; checked above 64 MiB of output.
    std::int64_t compressionRatio = 2'000;
    /// Redirects followed for one request.
    int redirects = 20;
};

} // namespace freshet
