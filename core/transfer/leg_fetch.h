// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/leg_source.h"

#include <atomic>
#include <string>
#include <thread>

namespace freshet::transfer {

/// Takes the answer of one leg in whole, on a thread of its own, so that nobody sees one that
/// failed half-way.
///
/// Threads: `isDone` from any thread, the rest from the owner's. Lifetime: the destructor waits;
/// closing the queue of legs stops it.
class LegFetch
{
public:
    LegFetch(LegSource &owner, Leg leg);
    ~LegFetch();
    LegFetch(const LegFetch &) = delete;
    LegFetch &operator=(const LegFetch &) = delete;

    [[nodiscard]] bool isDone() const { return m_isDone; }
    /// Wait for the end, then hand the answer on. Errors: the sink's.
    [[nodiscard]] Status deliver(LegSink &sink);

private:
    class Buffer;

    void run();
    [[nodiscard]] LegEnd fetch();

    LegSource &m_owner;
    const Leg m_leg;
    std::string m_body; ///< this and the next are the thread's until it is done
    LegEnd m_end;
    std::atomic<bool> m_isDone = false;
    std::thread m_thread;
};

} // namespace freshet::transfer
