// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"
#include "transport/wire_observer.h"

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

/// A curve of bounded length: the first point and the last, and of those between as many as there
/// is room for, evenly over the time.
///
/// Threads: one thread at a time.
class ArrivalCurve
{
public:
    static constexpr std::size_t kMostPoints = 512;

    /// Times and totals ascend.
    void add(ArrivalPoint point);
    [[nodiscard]] std::vector<ArrivalPoint> points() const;
    [[nodiscard]] const ArrivalPoint &last() const { return m_last; }
    [[nodiscard]] bool isEmpty() const { return m_kept.empty(); }

private:
    void thinOut();

    std::vector<ArrivalPoint> m_kept;
    ArrivalPoint m_last;
    std::chrono::microseconds m_apart{0};
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
    /// Bursts that end as a flushed deflate stream does (00 00 FF FF).
    std::int64_t flushedBursts = 0;

    std::optional<std::chrono::microseconds> firstRow;
    std::optional<std::chrono::microseconds> row1k;
    std::optional<std::chrono::microseconds> row10k;
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

/// Why the network thread stood still.
struct NetworkWaits
{
    std::chrono::microseconds forServer{0}; ///< nothing came, connecting included
    std::chrono::microseconds forUs{0};     ///< the queue behind it was full
};

/// Records when bytes and rows of one transfer arrive, in bounded memory: see
/// `Transfer::Options::trace`. Told once a piece, never once a row.
///
/// Threads: thread-safe.
class ArrivalTrace final : public transport::WireObserver
{
public:
    enum class Stage { Network, Decode, Store };

    /// Bytes with less between them are one burst: the kernel and libcurl hand on at that pace.
    static constexpr std::chrono::microseconds kSilence{2000};
    static constexpr std::size_t kMostBursts = 2000;
    static constexpr std::size_t kMostChunks = 500;

    /// Times count from here; until then from the making of the trace.
    void start();
    void onWire(std::string_view encoded) override;
    void onChunk(std::int64_t size) override;
    void onHandedOn() override;
    /// `total` rows have been decoded so far.
    void onRows(std::int64_t total);
    /// At the end of a thread: what it cost.
    void addCpu(Stage stage, std::chrono::microseconds time);
    void setWaits(const NetworkWaits &waits);

    [[nodiscard]] ArrivalFigures figures() const;
    /// Of `figures`, for looking on while the transfer runs.
    [[nodiscard]] std::vector<ArrivalPoint> rowPoints() const;
    [[nodiscard]] StageCpu cpu() const;
    [[nodiscard]] NetworkWaits waits() const;

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] std::chrono::microseconds now() const;
    [[nodiscard]] bool endsFlushed() const;

    mutable std::mutex m_mutex;
    Clock::time_point m_start = Clock::now();
    ArrivalFigures m_figures; ///< but for the curves
    ArrivalCurve m_bytes;
    ArrivalCurve m_rows;
    std::chrono::microseconds m_readFrom{0}; ///< when the wire was last known to be read
    std::uint32_t m_tail = 0;                ///< the last four bytes
    StageCpu m_cpu;
    NetworkWaits m_waits;
};

/// CPU time of the calling thread so far.
[[nodiscard]] std::chrono::microseconds threadCpuTime();

} // namespace freshet::transfer
