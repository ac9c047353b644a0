// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"

#include <atomic>

namespace freshet::transfer {

/// Why a transfer is brought to rest before its bytes have ended.
enum class StopReason { None, User, Limit, StreamOver, DecodeError, WriteError };

/// Stops the network and remembers who asked first; later wishes change nothing.
/// Threads: thread-safe.
class StopSwitch
{
public:
    /// Output: whether this was the first wish.
    bool stop(StopReason reason)
    {
        auto none = StopReason::None;
        const bool isFirst = m_reason.compare_exchange_strong(none, reason);
        m_token.cancel();
        return isFirst;
    }
    [[nodiscard]] StopReason reason() const { return m_reason; }
    [[nodiscard]] const CancelToken &token() const { return m_token; }

private:
    std::atomic<StopReason> m_reason = StopReason::None;
    CancelToken m_token;
};

} // namespace freshet::transfer
