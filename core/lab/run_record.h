// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/stream_health.h"
#include "transfer/arrival_trace.h"
#include "transfer/transfer.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace freshet::lab {

/// When rows were decoded, since the start of the run. Unset where there are fewer rows.
struct RowMarks
{
    std::optional<std::chrono::microseconds> first; ///< the first data row, not the first byte
    std::optional<std::chrono::microseconds> row1k;
    std::optional<std::chrono::microseconds> row10k;
    std::optional<std::chrono::microseconds> quarter;
    std::optional<std::chrono::microseconds> half;
    std::optional<std::chrono::microseconds> threeQuarters;
    std::optional<std::chrono::microseconds> last;
};

/// Everything that was measured of one run: raw figures, nothing derived from other runs.
struct RunRecord
{
    int variant = 0;
    int repeat = 0;
    bool isWarmUp = false;
    int position = 0; ///< in the order of the session, from 0
    std::chrono::system_clock::time_point began;

    transport::TransportTiming phases; ///< of the first request; unset: did not happen
    RowMarks marks;
    std::chrono::microseconds total{0}; ///< until the verdict

    transfer::VerdictKind verdict = transfer::VerdictKind::Incomplete;
    std::vector<std::string> evidence;
    std::string error; ///< one line, empty if none
    bool isCancelled = false;

    int httpStatus = 0;
    std::string httpVersion;
    std::string format;
    std::vector<std::string> contentCodings;
    int requests = 0;
    int retries = 0;
    RowCount rows;
    RowCount rejected;
    ByteCount wireBytes;
    ByteCount decodedBytes;

    /// The longest time without a new row, between the first and the last, and where it was.
    std::chrono::microseconds longestGap{0};
    RowCount rowsBeforeLongestGap;
    /// Of the whole process, highest during the run, and before it.
    ByteCount peakMemory;
    ByteCount memoryBefore;
    transfer::StageCpu cpu;
    /// The network thread stood still because nothing came, and because we took nothing.
    std::chrono::microseconds waitedForServer{0};
    std::chrono::microseconds waitedForUs{0};

    transfer::ArrivalFigures arrivals; ///< bytes and rows over time, thinned out evenly
    StreamHealth health;

    /// Whether its times may be held against others': it is no warm-up, and its rows are all there
    /// as far as anybody can tell.
    [[nodiscard]] bool counts() const;
};

} // namespace freshet::lab
