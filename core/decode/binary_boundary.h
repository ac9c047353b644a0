// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/limits.h"
#include "decode/binary_token.h"

#include <cstdint>
#include <vector>

namespace freshet::decode {

/// Finds where an item ends, looking at each token once however often it is asked.
/// Limits: nesting, and bytes of the item, also those that a length claims before they are here.
/// Threads: one thread at a time.
class BinaryBoundary
{
public:
    enum class State { Open, Whole, Broken, TooDeep, TooLarge };

    BinaryBoundary(const BinaryReader &reader, const Limits &limits)
        : m_reader(reader), m_limits(limits)
    {}

    /// An item starts at stream offset `offset`, `depth` containers deep.
    void start(std::int64_t offset, int depth);
    void stop() { m_isActive = false; }
    [[nodiscard]] bool isActive() const { return m_isActive; }
    /// Whether the item was found to be Whole.
    [[nodiscard]] bool isWhole() const { return m_isWhole; }
    /// Look at [offset(), end); `at` is where the byte at `offset()` lies.
    State scan(const char *at, const char *end);
    /// The first byte not looked at; just after the item once it is Whole; else the place of what
    /// is wrong.
    [[nodiscard]] std::int64_t offset() const { return m_offset; }
    [[nodiscard]] std::int64_t first() const { return m_first; }

private:
    static constexpr std::int64_t kUntilBreak = -1;

    State open(const BinaryToken &token);
    State closeOne();

    const BinaryReader &m_reader;
    const Limits m_limits;
    std::int64_t m_first = 0;
    std::int64_t m_offset = 0;
    int m_depth = 0;
    bool m_isActive = false;
    bool m_isWhole = false;
    int m_tags = 0;                      ///< right before the next item, which must follow
    std::vector<std::int64_t> m_awaited; ///< items until each open container ends
};

} // namespace freshet::decode
