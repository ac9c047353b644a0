// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>

namespace freshet::store {

/// When the next commit is due: soon, but such that a disk that is slow to sync, or busy, does not
/// take more than a twentieth of the time. Threads: one thread at a time.
class CommitPace
{
public:
    using Clock = std::chrono::steady_clock;

    /// Commits are no closer together than `least`. However slow they are, rows never wait longer
    /// than `most`.
    CommitPace(Clock::duration least, Clock::duration most, Clock::time_point now)
        : m_least(least), m_most(most), m_due(now + least)
    {}

    [[nodiscard]] bool isDue(Clock::time_point now) const { return now >= m_due; }
    void committed(Clock::time_point began, Clock::time_point ended)
    {
        m_due = ended + std::clamp((ended - began) * kTimesItsCost, m_least, m_most);
    }

private:
    static constexpr int kTimesItsCost = 19; ///< then it takes one part in twenty

    Clock::duration m_least;
    Clock::duration m_most;
    Clock::time_point m_due;
};

} // namespace freshet::store
