// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "transfer/file_under_way.h"
#include "transport/resuming_transport.h"

#include <optional>
#include <string>

namespace freshet::transfer {

/// One moment of an errand.
struct ErrandProgress
{
    std::string says; ///< "export job: running, 40 %"
    /// How much of it is done, of 1; unset if nobody says.
    std::optional<double> done = std::nullopt;
    /// What it is fetching, if it is.
    std::optional<FileUnderWay> file = std::nullopt;
    transport::TransportProgress bytes;
    ByteCount bytesReadAgain;
};

/// What a leg does in place of a request with rows in its answer: waits for an export job, fetches
/// a file that a later leg opens.
///
/// Threads: `run` once, on the network thread; the rest from any thread.
class Errand
{
public:
    virtual ~Errand() = default;
    /// Blocks until it is done. Waits between tries are told to `listener`, which may be null.
    [[nodiscard]] virtual Status run(const CancelToken &cancel,
                                     transport::RetryListener *listener) = 0;
    [[nodiscard]] virtual ErrandProgress progress() const = 0;
    /// End a wait that is under way.
    virtual void retryNow() {}
};

} // namespace freshet::transfer
