// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/wait_point.h"
#include "transfer/part_file.h"
#include "transport/resuming_transport.h"

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace freshet::transfer {

/// Fetches the missing pieces of a file side by side, each by a byte range that a strong validator
/// pins, and puts each where it belongs in the part file (rules R7, R8 and R12 for every answer).
///
/// A connection that is interrupted asks for the rest of its piece after a wait. One that the
/// server turns away for being too many (429, 503) ends while others go on.
/// Errors of `run`: SourceChanged if an answer belongs to another file; ProtocolViolation if the
/// server stopped doing ranges; else those of transports. What came stays in the part.
/// Threads: `run` once, on one thread; the rest from any thread.
class PieceFetch
{
public:
    struct Options
    {
        int connections = 1;
        transport::RetryPolicy retry;
        transport::RetryListener *listener = nullptr; ///< may be null
    };

    /// `part.state().pieces` says what is missing. The references outlive the fetch.
    PieceFetch(const transport::ByteRequest &request, PartFile &part, Options options);
    ~PieceFetch();

    [[nodiscard]] Status run(const CancelToken &cancel);
    [[nodiscard]] transport::TransportProgress progress() const;
    /// Of the part, safe while `run` is under way.
    [[nodiscard]] ByteCount held() const;
    void retryNow() { m_wait.hurry(); }

    /// The answer to a request for the first `least` bytes of a file, if that shows a file to be
    /// fetched in pieces: its server does ranges, and a strong validator pins it. Nothing else is
    /// read of it. Errors: those of transports.
    [[nodiscard]] static Result<std::optional<transport::ResponseHead>>
    probe(const transport::ByteRequest &request, ByteCount least,
          const transport::RetryPolicy &retry, transport::RetryListener *listener,
          const CancelToken &cancel);

private:
    class Intake;

    void work();
    enum class Outcome { Whole, Left };
    [[nodiscard]] Result<Outcome> fetchPiece(std::size_t piece);
    [[nodiscard]] Status askOnce(std::size_t piece, Intake &intake,
                                 std::optional<transport::ResponseHead> &refusal);
    [[nodiscard]] std::optional<std::size_t> takePiece();
    [[nodiscard]] bool leave(std::size_t piece);
    void stopAll(Error error);

    const transport::ByteRequest &m_request;
    PartFile &m_part;
    const Options m_options;
    CancelToken m_stop; ///< of all connections
    WaitPoint m_wait;

    mutable std::mutex m_mutex; ///< guards the part and what is below
    std::vector<bool> m_isTaken;
    int m_working = 0;
    std::optional<Error> m_error;
    transport::TransportProgress m_before;
    std::vector<transport::Transport *> m_running;
};

} // namespace freshet::transfer
