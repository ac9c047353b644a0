// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/stream_shape.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>

namespace freshet::lab {

namespace {

using std::chrono::microseconds;

std::optional<BufferBlocks> blocksAmong(std::span<const std::int64_t> sizes, bool areChunks)
{
    constexpr std::int64_t kPage = 4096;
    constexpr int kLeast = 2;
    constexpr double kMost = 0.6;
    BufferBlocks blocks{.of = static_cast<int>(sizes.size()), .areChunks = areChunks};
    for (const std::int64_t size : sizes) {
        if (size % kPage != 0)
            continue;
        ++blocks.count;
        blocks.size = blocks.size == 0 ? size : std::min(blocks.size, size);
    }
    if (blocks.count < kLeast || blocks.count < kMost * blocks.of)
        return std::nullopt;
    return blocks;
}

/// The length that half of `all` lies in pauses of, or longer ones.
microseconds typicalOf(std::vector<microseconds> pauses, microseconds all)
{
    std::ranges::sort(pauses, std::greater());
    microseconds sum(0);
    for (const microseconds pause : pauses) {
        sum += pause;
        if (2 * sum >= all)
            return pause;
    }
    return microseconds(0);
}

/// Without the first and the last.
std::span<const std::int64_t> inner(const std::vector<std::int64_t> &sizes)
{
    if (sizes.size() < 3)
        return {};
    return std::span(sizes).subspan(1, sizes.size() - 2);
}

} // namespace

std::optional<StreamShape> shapeOf(const transfer::ArrivalFigures &arrivals,
                                   const transport::TransportTiming &phases)
{
    if (arrivals.bursts.empty() || arrivals.bytes.empty())
        return std::nullopt;
    StreamShape shape;
    shape.sent = phases.requestSent.value_or(microseconds(0));
    shape.firstByte = arrivals.bursts.front().began;
    shape.firstRow = arrivals.firstRow.value_or(shape.firstByte);
    shape.end = arrivals.bytes.back().at;
    shape.bytes = arrivals.bytes.back().total;
    shape.rows = arrivals.rows.empty() ? 0 : arrivals.rows.back().total;
    shape.bursts = arrivals.burstCount;
    shape.rowsPerBurst = static_cast<double>(shape.rows) / static_cast<double>(shape.bursts);
    shape.bytesPerBurst = static_cast<double>(shape.bytes) / static_cast<double>(shape.bursts);
    shape.firstRowArrived = shape.firstByte;
    std::vector<microseconds> silences;
    for (std::size_t i = 1; i < arrivals.bursts.size(); ++i) {
        const auto &before = arrivals.bursts[i - 1];
        const auto &burst = arrivals.bursts[i];
        const microseconds length = burst.began - before.ended;
        shape.pauses.push_back({before.ended, length});
        if (burst.began <= shape.firstRow)
            shape.firstRowArrived = burst.began;
        else
            silences.push_back(length);
    }
    const microseconds silence = std::accumulate(silences.begin(), silences.end(), microseconds(0));
    shape.typicalPause = typicalOf(std::move(silences), silence);
    // Bursts beyond those that are kept are taken to be like them.
    const microseconds seen = arrivals.bursts.back().ended - shape.firstRowArrived;
    if (seen.count() > 0)
        shape.silentShare =
            static_cast<double>(silence.count()) / static_cast<double>(seen.count());
    return shape;
}

std::optional<StreamShape::Pause> stallIn(const StreamShape &shape)
{
    constexpr microseconds kLeast = std::chrono::seconds(1);
    constexpr int kTimesTheUsual = 10;
    std::vector<microseconds> lengths;
    StreamShape::Pause longest;
    for (const auto &pause : shape.pauses) {
        if (pause.began < shape.firstRowArrived)
            continue;
        lengths.push_back(pause.length);
        if (pause.length > longest.length)
            longest = pause;
    }
    if (longest.length < kLeast)
        return std::nullopt;
    std::erase(lengths, longest.length);
    if (lengths.empty())
        return longest;
    const auto middle = lengths.begin() + std::ssize(lengths) / 2;
    std::ranges::nth_element(lengths, middle);
    return longest.length >= kTimesTheUsual * *middle ? std::optional(longest) : std::nullopt;
}

std::optional<BufferBlocks> bufferBlocksIn(const transfer::ArrivalFigures &arrivals)
{
    if (arrivals.chunkCount > 0)
        return blocksAmong(inner(arrivals.chunks), true);
    std::vector<std::int64_t> sizes;
    for (const auto &burst : arrivals.bursts)
        sizes.push_back(burst.bytes);
    return blocksAmong(inner(sizes), false);
}

std::int64_t rowsBy(const transfer::ArrivalFigures &arrivals, microseconds time)
{
    std::int64_t rows = 0;
    for (const auto &point : arrivals.rows) {
        if (point.at > time)
            break;
        rows = point.total;
    }
    return rows;
}

} // namespace freshet::lab
