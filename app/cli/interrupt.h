// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"

#include <thread>

namespace freshet::cli {

/// While it lives, the first SIGINT or SIGTERM cancels `token()`; a second one ends the program at
/// once, as if nobody had listened.
///
/// Threads: one at a time in the program; `token` from any thread.
class Interrupt
{
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

    [[nodiscard]] const CancelToken &token() const { return m_token; }
    /// Wait until a signal comes.
    void wait() const;

private:
    void watch();

    CancelToken m_token;
    std::thread m_watcher;
};

} // namespace freshet::cli
