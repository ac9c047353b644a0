// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/block_queue.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace freshet::transfer {

namespace {

/// Blocks kept for reuse: one in each hand and one between.
constexpr std::size_t kFreeBlocks = 3;

} // namespace

bool BlockQueue::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        std::unique_lock lock(m_mutex);
        waitRoomy(lock);
        if (m_isClosed)
            return false;
        const bool wasEmpty = m_blocks.empty();
        if (wasEmpty || m_blocks.back().m_size == kBlockBytes || m_blocks.back().m_legEnd)
            m_blocks.push_back(emptyBlock());
        Block &open = m_blocks.back();
        const std::size_t size =
            std::min({bytes.size(), kBlockBytes - open.m_size, m_bound - m_held});
        std::memcpy(open.m_memory.get() + open.m_size, bytes.data(), size);
        open.m_size += size;
        m_held += size;
        bytes.remove_prefix(size);
        const bool isWorthAWake = wasEmpty || open.m_size == kBlockBytes || m_held == m_bound;
        lock.unlock();
        if (isWorthAWake)
            m_filled.notify_one();
    }
    return true;
}

void BlockQueue::waitRoomy(std::unique_lock<std::mutex> &lock)
{
    const auto isRoomy = [this] {
        return m_isClosed || m_held < m_bound;
    };
    if (isRoomy())
        return;
    const auto began = Clock::now();
    m_roomy.wait(lock, isRoomy);
    m_blocked += Clock::now() - began;
}

bool BlockQueue::endLeg(std::shared_ptr<const LegEnd> end)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_isClosed)
            return false;
        if (m_blocks.empty() || m_blocks.back().m_legEnd)
            m_blocks.emplace_back(); // without memory
        m_blocks.back().m_legEnd = std::move(end);
    }
    m_filled.notify_one();
    return true;
}

void BlockQueue::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
    }
    m_roomy.notify_all();
    m_filled.notify_all();
}

void BlockQueue::abort()
{
    std::deque<Block> dropped;
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
        m_isAborted = true;
        m_held = 0;
        dropped.swap(m_blocks);
    }
    m_roomy.notify_all();
    m_filled.notify_all();
}

template <typename Predicate>
void BlockQueue::waitFilled(std::unique_lock<std::mutex> &lock,
                            std::optional<Clock::time_point> deadline, Predicate isEnough)
{
    if (deadline)
        m_filled.wait_until(lock, *deadline, isEnough);
    else
        m_filled.wait(lock, isEnough);
}

bool BlockQueue::hasFullBlock() const
{
    if (m_blocks.empty())
        return false;
    const Block &front = m_blocks.front();
    return m_blocks.size() > 1 || front.m_size == kBlockBytes || front.m_legEnd;
}

std::optional<BlockQueue::Block> BlockQueue::take(std::optional<Clock::time_point> deadline)
{
    std::unique_lock lock(m_mutex);
    waitFilled(lock, deadline, [&] { return m_isClosed || !m_blocks.empty(); });
    if (m_blocks.empty())
        return std::nullopt;
    waitFilled(lock, Clock::now() + kLinger,
               [&] { return m_isClosed || hasFullBlock() || m_held >= m_bound; });
    if (m_blocks.empty()) // aborted meanwhile
        return std::nullopt;
    Block block = std::move(m_blocks.front());
    m_blocks.pop_front();
    m_held -= block.m_size;
    lock.unlock();
    m_roomy.notify_one();
    return block;
}

void BlockQueue::recycle(Block block)
{
    if (!block.m_memory)
        return;
    block.m_size = 0;
    block.m_legEnd.reset();
    const std::lock_guard lock(m_mutex);
    if (m_free.size() < kFreeBlocks)
        m_free.push_back(std::move(block));
}

BlockQueue::Block BlockQueue::emptyBlock()
{
    Block block;
    if (m_free.empty()) {
        block.m_memory = std::make_unique_for_overwrite<char[]>(kBlockBytes);
    } else {
        block = std::move(m_free.back());
        m_free.pop_back();
    }
    return block;
}

bool BlockQueue::isDrained() const
{
    const std::lock_guard lock(m_mutex);
    return m_isClosed && m_blocks.empty();
}

bool BlockQueue::isAborted() const
{
    const std::lock_guard lock(m_mutex);
    return m_isAborted;
}

std::chrono::microseconds BlockQueue::blockedFor() const
{
    const std::lock_guard lock(m_mutex);
    return std::chrono::duration_cast<std::chrono::microseconds>(m_blocked);
}

ByteCount BlockQueue::held() const
{
    const std::lock_guard lock(m_mutex);
    return ByteCount(static_cast<std::int64_t>(m_held));
}

} // namespace freshet::transfer
