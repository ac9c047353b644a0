// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace freshet {

/// One request to stop, passed down by value to everything that takes part in a piece of work.
///
/// Cancelling is one-way. Whoever waits for something else than the token registers a wake-up with
/// `onCancel`; everyone else polls `isCancelled()` once per chunk or batch.
///
/// Threads: thread-safe. The wake-up runs on the thread that cancels, without a lock of the token
/// held.
class CancelToken
{
public:
    /// Removes the wake-up when it goes out of scope; afterwards the wake-up is not running any
    /// more.
    class Registration
    {
    public:
        Registration() = default;
        Registration(Registration &&other) noexcept;
        Registration &operator=(Registration &&other) noexcept;
        Registration(const Registration &) = delete;
        Registration &operator=(const Registration &) = delete;
        ~Registration();

    private:
        friend class CancelToken;
        std::shared_ptr<void> m_state;
        std::uint64_t m_id = 0;
        void release();
    };

    CancelToken();

    void cancel() const;
    [[nodiscard]] bool isCancelled() const;
    /// Call `wake` on cancel, or at once if cancelled already.
    [[nodiscard]] Registration onCancel(std::function<void()> wake) const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace freshet
