// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace freshet::transfer {

struct LegEnd;

/// The bytes between the network and the decoder: small pieces go in, large blocks come out.
///
/// A block is handed out when it is full, or as it is once bytes have lain in it for
/// `kLinger`: nothing is ever held back from a consumer that waits, and a fast stream does not pay
/// a wake-up for each piece. A full queue blocks the producer. Blocks are used again, so that a
/// long download allocates a handful of them.
///
/// Threads: thread-safe; one producer and one consumer, and anyone may abort.
class BlockQueue
{
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::size_t kBlockBytes = 512 << 10;
    static constexpr std::chrono::microseconds kLinger{500};

    /// Memory of `kBlockBytes` with `text()` in it.
    class Block
    {
    public:
        [[nodiscard]] std::string_view text() const { return {m_memory.get(), m_size}; }
        /// With the last bytes of a leg, which may be none: how it ended.
        [[nodiscard]] const std::shared_ptr<const LegEnd> &legEnd() const { return m_legEnd; }

    private:
        friend class BlockQueue;
        std::unique_ptr<char[]> m_memory;
        std::size_t m_size = 0;
        std::shared_ptr<const LegEnd> m_legEnd;
    };

    /// `bound`: bytes held at most.
    explicit BlockQueue(ByteCount bound) : m_bound(bound.asSize()) {}

    /// Copy `bytes` in, waiting for room as often as need be. False if the queue was aborted.
    [[nodiscard]] bool write(std::string_view bytes);
    /// The bytes so far were the last of a leg. False if the queue was aborted.
    [[nodiscard]] bool endLeg(std::shared_ptr<const LegEnd> end);
    /// No more bytes will come; those held are still handed out.
    void close();
    /// Drop everything and wake both sides.
    void abort();

    /// The next bytes. Nothing if none came before `deadline`, or none will come (`isDrained`).
    [[nodiscard]] std::optional<Block> take(std::optional<Clock::time_point> deadline);
    /// Give a block's memory back.
    void recycle(Block block);

    [[nodiscard]] bool isDrained() const;
    [[nodiscard]] bool isAborted() const;
    [[nodiscard]] ByteCount held() const;
    /// How long `write` has waited for room in all.
    [[nodiscard]] std::chrono::microseconds blockedFor() const;

private:
    [[nodiscard]] Block emptyBlock();
    [[nodiscard]] bool hasFullBlock() const;
    void waitRoomy(std::unique_lock<std::mutex> &lock);
    template <typename Predicate>
    void waitFilled(std::unique_lock<std::mutex> &lock, std::optional<Clock::time_point> deadline,
                    Predicate isEnough);

    const std::size_t m_bound;
    mutable std::mutex m_mutex;
    std::condition_variable m_roomy;
    std::condition_variable m_filled;
    std::deque<Block> m_blocks; ///< all full but perhaps the last
    std::vector<Block> m_free;
    std::size_t m_held = 0;
    Clock::duration m_blocked{0};
    bool m_isClosed = false;
    bool m_isAborted = false;
};

} // namespace freshet::transfer
