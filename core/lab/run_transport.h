// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/http_transport.h"
#include "transport/resuming_transport.h"

#include <functional>
#include <memory>

namespace freshet::lab {

/// What looks on while transports run. Everything in it has to outlive them.
struct Onlooker
{
    /// Over HTTP it sees bytes as they are on the wire, elsewhere as they are handed on. Null: it
    /// is told already.
    transport::WireObserver *wire = nullptr;
    /// Called on the transport's thread.
    std::function<void(const transport::ResponseHead &)> onHead;
};

/// Makes transports that are looked on.
///
/// `sessions`: connections to go on with, over HTTP. `make`, if there is one, makes all transports.
[[nodiscard]] transport::ResumingTransport::Factory
watchedTransports(Onlooker onlooker, std::shared_ptr<transport::SessionPool> sessions,
                  transport::ResumingTransport::Factory make = {});

} // namespace freshet::lab
