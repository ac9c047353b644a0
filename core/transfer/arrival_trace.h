// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace freshet::transfer {

/// How much had arrived at a time since the start.
struct ArrivalPoint
{
    std::chrono::microseconds at{0};
    std::int64_t total = 0;

    auto operator<=>(const ArrivalPoint &) const = default;
};

/// Bytes that came together, with silence before and behind.
struct ArrivalBurst
{
    std::chrono::microseconds began{0};
    std::chrono::microseconds ended{0};
    std::int64_t bytes = 0;

    auto operator<=>(const ArrivalBurst &) const = default;
};

/// What an ArrivalTrace saw.
struct ArrivalFigures
{
    std::vector<ArrivalPoint> bytes; ///< of the body on the wire
    std::vector<ArrivalPoint> rows;  ///< decoded
    /// The first ones; of a stream that never pauses there is one.
    std::vector<ArrivalBurst> bursts;
    std::int64_t burstCount = 0; ///< all
    /// Sizes of the chunks of a chunked body, the first ones.
    std::vector<std::int64_t> chunks;
    std::int64_t chunkCount = 0; ///< all
    /// Bursts that end as a flushed deflate stream does.
    std::int64_t flushedBursts = 0;

    std::optional<std::chrono::microseconds> firstRow;
    std::optional<std::chrono::microseconds> row1k;
    std::optional<std::chrono::microseconds> row10k;
    std::optional<std::chrono::microseconds> lastRow;
    std::chrono::microseconds longestRowGap{0};
    RowCount rowsBeforeLongestGap;
};

/// CPU time of the threads of a transfer. Undoing content codings is the network's; threads of
/// libraries (gRPC) are not counted.
struct StageCpu
{
    std::chrono::microseconds network{0};
    std::chrono::microseconds decode{0};
    std::chrono::microseconds store{0};
};

} // namespace freshet::transfer
