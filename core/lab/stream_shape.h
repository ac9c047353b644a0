// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/arrival_trace.h"
#include "transport/transport.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace freshet::lab {

/// The time of one answer taken apart: what was silence and what was not. All times since the start
/// of the run.
struct StreamShape
{
    struct Pause
    {
        std::chrono::microseconds began{0};
        std::chrono::microseconds length{0};
    };

    std::chrono::microseconds sent{0}; ///< the request
    std::chrono::microseconds firstByte{0};
    std::chrono::microseconds firstRow{0}; ///< decoded; that of the first byte if there is no row
    /// The burst that brought it began then.
    std::chrono::microseconds firstRowArrived{0};
    std::chrono::microseconds end{0};
    std::vector<Pause> pauses; ///< between bursts, in their order
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    std::int64_t bursts = 0;
    /// Pauses as a share of the time from there to the end.
    double silentShare = 0;
    /// Half of that silence is in pauses at least as long.
    std::chrono::microseconds typicalPause{0};
    double rowsPerBurst = 0;
    double bytesPerBurst = 0;

    [[nodiscard]] std::chrono::microseconds wait() const { return firstRowArrived - sent; }
    [[nodiscard]] std::chrono::microseconds rest() const { return end - firstRowArrived; }
};

/// Nothing if no byte came.
[[nodiscard]] std::optional<StreamShape> shapeOf(const transfer::ArrivalFigures &arrivals,
                                                 const transport::TransportTiming &phases);

/// The pause that stands out: a second at least, and ten times the usual one.
[[nodiscard]] std::optional<StreamShape::Pause> stallIn(const StreamShape &shape);

/// Blocks as a buffer of that size lets them go, all but the first and the last: of these a
/// buffer's first holds the head as well, and its last is what was left.
struct BufferBlocks
{
    std::int64_t size = 0;  ///< of the smallest such block, a multiple of 4 KiB
    int count = 0;          ///< that are whole multiples of 4 KiB
    int of = 0;             ///< looked at
    bool areChunks = false; ///< HTTP/1.1 chunks; else bytes that came together
};

/// Nothing unless most blocks are multiples of 4 KiB, which chance makes of one in 4096.
[[nodiscard]] std::optional<BufferBlocks> bufferBlocksIn(const transfer::ArrivalFigures &arrivals);

/// Rows that had been decoded by then.
[[nodiscard]] std::int64_t rowsBy(const transfer::ArrivalFigures &arrivals,
                                  std::chrono::microseconds time);

} // namespace freshet::lab
