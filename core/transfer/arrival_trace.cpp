// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/arrival_trace.h"

#include <algorithm>
#include <ctime>

namespace freshet::transfer {

namespace {

using std::chrono::microseconds;

/// A deflate stream that was flushed ends in an empty stored block. Source: RFC 1951 §3.2.4.
constexpr std::uint32_t kFlushTail = 0x0000FFFF;

} // namespace

void ArrivalCurve::add(ArrivalPoint point)
{
    m_last = point;
    if (!m_kept.empty() && point.at < m_kept.back().at + m_apart)
        return;
    m_kept.push_back(point);
    if (m_kept.size() >= 2 * kMostPoints)
        thinOut();
}

/// Keep points that are far enough apart for half of the room.
void ArrivalCurve::thinOut()
{
    m_apart = (m_kept.back().at - m_kept.front().at) / kMostPoints + microseconds(1);
    auto end = m_kept.begin() + 1;
    for (auto point = end; point != m_kept.end(); ++point) {
        if (point->at >= (end - 1)->at + m_apart)
            *end++ = *point;
    }
    m_kept.erase(end, m_kept.end());
}

std::vector<ArrivalPoint> ArrivalCurve::points() const
{
    std::vector<ArrivalPoint> points = m_kept;
    if (!points.empty() && points.back() != m_last)
        points.push_back(m_last);
    return points;
}

void ArrivalTrace::start()
{
    const std::lock_guard lock(m_mutex);
    m_start = Clock::now();
}

microseconds ArrivalTrace::now() const
{
    return std::chrono::duration_cast<microseconds>(Clock::now() - m_start);
}

bool ArrivalTrace::endsFlushed() const
{
    return m_tail == kFlushTail;
}

void ArrivalTrace::onWire(std::string_view encoded)
{
    if (encoded.empty())
        return;
    const std::lock_guard lock(m_mutex);
    const microseconds at = now();
    const auto size = static_cast<std::int64_t>(encoded.size());
    auto &bursts = m_figures.bursts;
    if (m_figures.burstCount == 0 || at - m_readFrom >= kSilence) {
        if (endsFlushed() && m_figures.burstCount > 0)
            ++m_figures.flushedBursts;
        ++m_figures.burstCount;
        if (bursts.size() < kMostBursts)
            bursts.push_back({.began = at});
    }
    if (m_figures.burstCount == std::ssize(bursts)) {
        bursts.back().ended = at;
        bursts.back().bytes += size;
    }
    m_readFrom = at;
    for (const char c : encoded.substr(encoded.size() - std::min<std::size_t>(encoded.size(), 4)))
        m_tail = m_tail << 8 | static_cast<unsigned char>(c);
    m_bytes.add({at, m_bytes.last().total + size});
}

void ArrivalTrace::onChunk(std::int64_t size)
{
    const std::lock_guard lock(m_mutex);
    ++m_figures.chunkCount;
    if (m_figures.chunks.size() < kMostChunks)
        m_figures.chunks.push_back(size);
}

void ArrivalTrace::onHandedOn()
{
    const std::lock_guard lock(m_mutex);
    m_readFrom = now();
}

void ArrivalTrace::onRows(std::int64_t total)
{
    const std::lock_guard lock(m_mutex);
    const ArrivalPoint before = m_rows.last();
    if (total <= before.total)
        return;
    const microseconds at = now();
    const auto mark = [&](std::optional<microseconds> &when, std::int64_t row) {
        if (!when && total >= row)
            when = at;
    };
    mark(m_figures.firstRow, 1);
    mark(m_figures.row1k, 1000);
    mark(m_figures.row10k, 10'000);
    if (!m_rows.isEmpty() && at - before.at > m_figures.longestRowGap) {
        m_figures.longestRowGap = at - before.at;
        m_figures.rowsBeforeLongestGap = RowCount(before.total);
    }
    m_rows.add({at, total});
}

void ArrivalTrace::addCpu(Stage stage, microseconds time)
{
    const std::lock_guard lock(m_mutex);
    switch (stage) {
    case Stage::Network:
        m_cpu.network += time;
        break;
    case Stage::Decode:
        m_cpu.decode += time;
        break;
    case Stage::Store:
        m_cpu.store += time;
        break;
    }
}

void ArrivalTrace::setWaits(const NetworkWaits &waits)
{
    const std::lock_guard lock(m_mutex);
    m_waits = waits;
}

ArrivalFigures ArrivalTrace::figures() const
{
    const std::lock_guard lock(m_mutex);
    ArrivalFigures figures = m_figures;
    figures.bytes = m_bytes.points();
    figures.rows = m_rows.points();
    return figures;
}

std::vector<ArrivalPoint> ArrivalTrace::rowPoints() const
{
    const std::lock_guard lock(m_mutex);
    return m_rows.points();
}

StageCpu ArrivalTrace::cpu() const
{
    const std::lock_guard lock(m_mutex);
    return m_cpu;
}

NetworkWaits ArrivalTrace::waits() const
{
    const std::lock_guard lock(m_mutex);
    return m_waits;
}

microseconds threadCpuTime()
{
    std::timespec time{};
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0)
        return microseconds(0);
    return std::chrono::duration_cast<microseconds>(std::chrono::seconds(time.tv_sec) +
                                                    std::chrono::nanoseconds(time.tv_nsec));
}

} // namespace freshet::transfer
