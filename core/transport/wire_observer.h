// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace freshet::transport {

/// Sees a body come off the wire, before its content codings are undone.
///
/// Threads: called on those that run transports, several at once where several transports share it.
class WireObserver
{
public:
    virtual ~WireObserver() = default;
    /// The next bytes of the body, without framing.
    virtual void onWire(std::string_view encoded) = 0;
    /// HTTP/1.1: a chunk of so many bytes follows.
    virtual void onChunk(std::int64_t size) = 0;
    /// The sink has taken what it was given; the wire is read again.
    virtual void onHandedOn() = 0;
};

} // namespace freshet::transport
