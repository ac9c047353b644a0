// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/run_record.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace freshet::lab {

/// Everything that is measured of a run, in the order in which it is shown.
enum class Metric {
    NameLookup, ///< how long it took; phases are lengths, marks are since the start
    Connect,
    Tls,
    RequestSent, ///< from here on: since the start
    AnswerBegan, ///< HTTP: the head's first byte, what curl calls the start of the transfer
    FirstByte,   ///< of the body
    FirstRow,
    Row1k,
    Row10k,
    Quarter,
    Half,
    ThreeQuarters,
    LastRow,
    LastByte, ///< on the wire; rows may be decoded later
    Total,
    WireBytes,
    DecodedBytes,
    CompressionRatio,
    RowsPerSecond,
    BytesPerSecond, ///< decoded
    LongestGap,
    PeakMemory,
    CpuNetwork,
    CpuDecode,
    CpuStore,
    WaitedForServer,
    WaitedForUs,
};

enum class Unit { Seconds, Bytes, Ratio, RowsPerSecond, BytesPerSecond };
enum class Better { Smaller, Larger };

struct MetricInfo
{
    Metric metric;
    std::string_view key;   ///< for files and scripts: `first_row_s`
    std::string_view title; ///< in English: "first row"
    Unit unit;
    Better better;
};

[[nodiscard]] std::span<const MetricInfo> allMetrics();
[[nodiscard]] const MetricInfo &metricInfo(Metric metric);
/// In the metric's unit (seconds, bytes …); nothing where it did not happen.
[[nodiscard]] std::optional<double> valueOf(const RunRecord &run, Metric metric);
/// As people read it: "1.23 s", "9 ms", "487 MB", "0.81 M/s", "9.3 ×".
[[nodiscard]] std::string valueText(double value, Unit unit);

} // namespace freshet::lab
