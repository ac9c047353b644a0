// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/metric.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace freshet::lab {

namespace {

using std::chrono::microseconds;

constexpr std::array<MetricInfo, 27> kMetrics = {{
    {Metric::NameLookup, "name_lookup_s", "name look-up", Unit::Seconds, Better::Smaller},
    {Metric::Connect, "connect_s", "connect", Unit::Seconds, Better::Smaller},
    {Metric::Tls, "tls_s", "TLS", Unit::Seconds, Better::Smaller},
    {Metric::RequestSent, "request_sent_s", "request sent", Unit::Seconds, Better::Smaller},
    {Metric::AnswerBegan, "answer_began_s", "answer begins", Unit::Seconds, Better::Smaller},
    {Metric::FirstByte, "first_byte_s", "first byte", Unit::Seconds, Better::Smaller},
    {Metric::FirstRow, "first_row_s", "first row", Unit::Seconds, Better::Smaller},
    {Metric::Row1k, "row_1000_s", "row 1,000", Unit::Seconds, Better::Smaller},
    {Metric::Row10k, "row_10000_s", "row 10,000", Unit::Seconds, Better::Smaller},
    {Metric::Quarter, "quarter_s", "25 %", Unit::Seconds, Better::Smaller},
    {Metric::Half, "half_s", "50 %", Unit::Seconds, Better::Smaller},
    {Metric::ThreeQuarters, "three_quarters_s", "75 %", Unit::Seconds, Better::Smaller},
    {Metric::LastRow, "last_row_s", "last row", Unit::Seconds, Better::Smaller},
    {Metric::LastByte, "last_byte_s", "last byte", Unit::Seconds, Better::Smaller},
    {Metric::Total, "total_s", "verdict", Unit::Seconds, Better::Smaller},
    {Metric::WireBytes, "wire_bytes", "on the wire", Unit::Bytes, Better::Smaller},
    {Metric::DecodedBytes, "decoded_bytes", "decoded", Unit::Bytes, Better::Smaller},
    {Metric::CompressionRatio, "compression_ratio", "compression", Unit::Ratio, Better::Larger},
    {Metric::RowsPerSecond, "rows_per_s", "rows/s", Unit::RowsPerSecond, Better::Larger},
    {Metric::BytesPerSecond, "bytes_per_s", "decoded/s", Unit::BytesPerSecond, Better::Larger},
    {Metric::LongestGap, "longest_gap_s", "longest gap", Unit::Seconds, Better::Smaller},
    {Metric::PeakMemory, "peak_memory_bytes", "memory", Unit::Bytes, Better::Smaller},
    {Metric::CpuNetwork, "cpu_network_s", "CPU network", Unit::Seconds, Better::Smaller},
    {Metric::CpuDecode, "cpu_decode_s", "CPU decode", Unit::Seconds, Better::Smaller},
    {Metric::CpuStore, "cpu_store_s", "CPU store", Unit::Seconds, Better::Smaller},
    {Metric::WaitedForServer, "waited_for_server_s", "server made us wait", Unit::Seconds,
     Better::Smaller},
    {Metric::WaitedForUs, "waited_for_us_s", "we made it wait", Unit::Seconds, Better::Smaller},
}};

double seconds(microseconds time)
{
    return std::chrono::duration<double>(time).count();
}

std::optional<double> seconds(std::optional<microseconds> time)
{
    return time ? std::optional(seconds(*time)) : std::nullopt;
}

/// How long a phase took that ended at `end` after one that ended at `begin`.
std::optional<double> length(std::optional<microseconds> begin, std::optional<microseconds> end)
{
    if (!end)
        return std::nullopt;
    return seconds(*end - begin.value_or(microseconds(0)));
}

std::optional<double> rate(std::int64_t amount, microseconds time)
{
    if (time.count() <= 0)
        return std::nullopt;
    return static_cast<double>(amount) / seconds(time);
}

std::optional<double> phaseOf(const RunRecord &run, Metric metric)
{
    const auto &phases = run.phases;
    switch (metric) {
    case Metric::NameLookup:
        return seconds(phases.nameLookup);
    case Metric::Connect:
        return length(phases.nameLookup, phases.connected);
    case Metric::Tls:
        return length(phases.connected, phases.tlsDone);
    case Metric::RequestSent:
        return seconds(phases.requestSent);
    case Metric::AnswerBegan:
        return seconds(phases.answerBegan);
    default:
        return seconds(phases.firstByte);
    }
}

std::optional<double> markOf(const RunRecord &run, Metric metric)
{
    const RowMarks &marks = run.marks;
    switch (metric) {
    case Metric::FirstRow:
        return seconds(marks.first);
    case Metric::Row1k:
        return seconds(marks.row1k);
    case Metric::Row10k:
        return seconds(marks.row10k);
    case Metric::Quarter:
        return seconds(marks.quarter);
    case Metric::Half:
        return seconds(marks.half);
    case Metric::ThreeQuarters:
        return seconds(marks.threeQuarters);
    default:
        return seconds(marks.last);
    }
}

std::optional<double> amountOf(const RunRecord &run, Metric metric)
{
    const auto wire = static_cast<double>(run.wireBytes.value());
    const auto decoded = static_cast<double>(run.decodedBytes.value());
    switch (metric) {
    case Metric::LastByte:
        return seconds(run.phases.lastByte);
    case Metric::Total:
        return seconds(run.total);
    case Metric::WireBytes:
        return wire;
    case Metric::DecodedBytes:
        return decoded;
    case Metric::CompressionRatio:
        return wire > 0 ? std::optional(decoded / wire) : std::nullopt;
    case Metric::RowsPerSecond:
        return rate(run.rows.value(), run.total);
    case Metric::BytesPerSecond:
        return rate(run.decodedBytes.value(), run.total);
    case Metric::LongestGap:
        return seconds(run.longestGap);
    case Metric::PeakMemory:
        if (run.peakMemory.value() == 0)
            return std::nullopt;
        return static_cast<double>(run.peakMemory.value());
    case Metric::CpuNetwork:
        return seconds(run.cpu.network);
    case Metric::CpuDecode:
        return seconds(run.cpu.decode);
    case Metric::CpuStore:
        return seconds(run.cpu.store);
    case Metric::WaitedForServer:
        return seconds(run.waitedForServer);
    default:
        return seconds(run.waitedForUs);
    }
}

std::string formatted(const char *format, double value)
{
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), format, value);
    return {text.data(), static_cast<std::size_t>(size)};
}

/// Three significant digits, and no more after the point than that takes.
std::string threeDigits(double value)
{
    const double size = std::abs(value);
    return formatted(size >= 99.95 ? "%.0f" : (size >= 9.995 ? "%.1f" : "%.2f"), value);
}

/// By thousands: "487 M".
std::string scaled(double value)
{
    constexpr std::array<const char *, 5> kPrefixes = {"", "k", "M", "G", "T"};
    std::size_t step = 0;
    while (std::abs(value) >= 999.5 && step + 1 < kPrefixes.size()) {
        value /= 1000;
        ++step;
    }
    const bool isWhole = step == 0 && value == std::floor(value);
    return (isWhole ? formatted("%.0f", value) : threeDigits(value)) + ' ' + kPrefixes[step];
}

std::string secondsText(double value)
{
    if (std::abs(value) >= 0.9995)
        return threeDigits(value) + " s";
    if (std::abs(value) >= 0.00995)
        return formatted("%.0f ms", value * 1000);
    return formatted(std::abs(value) >= 0.000995 ? "%.1f ms" : "%.2f ms", value * 1000);
}

} // namespace

std::span<const MetricInfo> allMetrics()
{
    return kMetrics;
}

const MetricInfo &metricInfo(Metric metric)
{
    return kMetrics[static_cast<std::size_t>(metric)];
}

std::optional<double> valueOf(const RunRecord &run, Metric metric)
{
    if (metric <= Metric::FirstByte)
        return phaseOf(run, metric);
    if (metric <= Metric::LastRow)
        return markOf(run, metric);
    return amountOf(run, metric);
}

std::string valueText(double value, Unit unit)
{
    switch (unit) {
    case Unit::Seconds:
        return secondsText(value);
    case Unit::Bytes:
        return scaled(value) + 'B';
    case Unit::Ratio:
        return threeDigits(value) + " ×";
    case Unit::RowsPerSecond: {
        std::string text = scaled(value);
        return (text.ends_with(' ') ? text.substr(0, text.size() - 1) : text) + "/s";
    }
    case Unit::BytesPerSecond:
        break;
    }
    return scaled(value) + "B/s";
}

} // namespace freshet::lab
