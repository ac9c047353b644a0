// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "exporters/exporter.h"

#include <memory>
#include <string>
#include <string_view>

namespace freshet::exporters {

/// Compresses blocks of a file each on its own: a gzip member or a zstd frame. Their concatenation
/// is a valid file of that coding, so blocks can be compressed in parallel.
/// Source: RFC 1952 section 2.2, RFC 8878 section 3. Threads: one thread at a time.
class BlockCompressor
{
public:
    virtual ~BlockCompressor() = default;
    /// The compressed form of `block`; valid until the next call.
    [[nodiscard]] virtual Result<std::string_view> compress(std::string_view block) = 0;
};

[[nodiscard]] Result<std::unique_ptr<BlockCompressor>> makeCompressor(TextCompression compression);

} // namespace freshet::exporters
