// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/byte_range.h"
#include "transport/prefix_digest.h"
#include "transport/retry_policy.h"
#include "transport/transport.h"

#include <condition_variable>
#include <functional>
#include <mutex>

namespace freshet::transport {

/// How much of a body is held already, and what it takes to go on with it.
struct HeldPrefix
{
    ByteOffset offset; ///< decoded bytes held; the next one is wanted
    Validator validator;
    /// No content coding was applied, so that offsets count on the wire as well.
    bool isIdentity = true;
    /// Of the first `digest.length` ≤ `offset` bytes.
    PrefixDigest digest;
    /// The sink wants all bytes from the first on, those that are held too; they still have to be
    /// the same. `offset` is 0 then, and `digest` may be longer.
    bool isReplayed = false;
    /// Only one answer that brings the whole will do: no try asks for a range.
    bool isOnePiece = false;
};

/// A failure that will be followed by another try.
struct RetryNotice
{
    Error cause;
    std::chrono::milliseconds delay{0};
    int number = 0; ///< of the retry, from 1
};

/// Hears what happens between the tries. Called on the thread of `run`, without a lock held.
class RetryListener
{
public:
    virtual ~RetryListener() = default;
    virtual void onRetryPlanned(const RetryNotice &notice) = 0;
    virtual void onRetryBegan() = 0;
    /// The server has answered, and the body goes on where it was: `how` says by which means.
    virtual void onContinued(const std::string &how) = 0;
};

/// A Transport that survives interruptions: one unbroken body, made from as many requests as it
/// takes.
///
/// After a transient failure it waits (see RetrySchedule) and asks for the rest: by a byte range if
/// the body came without a content coding and with a strong validator, else by reading the whole
/// again and passing over what is held, once its checksum has shown that it is the same. A range
/// that holds less than was asked for is followed by a request for what is missing. The sink sees
/// each byte once and the first answer's head only. An event stream goes on by its ids, not by its
/// bytes: once it has begun, a failure is final here.
///
/// Errors: SourceChanged if what the server now sends is not what is held; nothing is appended
/// then. Otherwise those of the last try. Threads: as Transport; `retryNow` from any thread.
class ResumingTransport final : public Transport
{
public:
    using Factory = std::function<Result<std::unique_ptr<Transport>>(ByteRequest)>;

    struct Options
    {
        RetryPolicy retry;
        /// Goes on with an earlier download.
        std::optional<HeldPrefix> held;
        RetryListener *listener = nullptr; ///< outlives the transport
        Factory makeTransport;             ///< for tests; the usual one if empty
        std::uint32_t seed = 0;            ///< of the spread of delays
    };

    ResumingTransport(ByteRequest request, Options options);
    ~ResumingTransport() override;

    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override;
    std::optional<ResponseHead> refusal() const override { return m_refusal; }
    std::vector<Header> trailers() const override { return m_trailers; }

    /// Before `run`. The listener outlives the transport.
    void setListener(RetryListener *listener) { m_options.listener = listener; }
    /// End a wait between two tries.
    void retryNow();
    /// Bytes that were received a second time and passed over.
    [[nodiscard]] ByteCount bytesReadAgain() const;

private:
    class Attempt;

    [[nodiscard]] Result<TransportEnd> runOnce(ByteSink &sink, const CancelToken &cancel,
                                               bool &isFinal);
    [[nodiscard]] bool wait(std::chrono::milliseconds delay, const CancelToken &cancel);
    [[nodiscard]] Error refuseRange(const std::string &reason);
    [[nodiscard]] Status checkUnsatisfiable(const ResponseHead &head);
    [[nodiscard]] bool canUseRange() const;
    [[nodiscard]] ByteRequest requestForRest() const;
    void addToFigures(const Transport &finished);

    ByteRequest m_request;
    Options m_options;
    HeldPrefix m_held;
    PrefixDigest m_replayed; ///< what the first bytes have to be; nothing if it is empty
    bool m_hasHead = false;
    bool m_mayUseRange = true;
    /// The last try is followed by another one without a wait: its range was refused, or was
    /// answered by a part of what was asked for.
    bool m_asksOnAtOnce = false;
    bool m_isLive = false; ///< an event stream, which has no bytes to go back to
    std::optional<ResponseHead> m_refusal;
    std::vector<Header> m_trailers; ///< of the last try

    mutable std::mutex m_mutex; ///< guards what is below
    std::condition_variable m_wake;
    bool m_isNow = false;
    std::unique_ptr<Transport> m_current;
    TransportProgress m_before; ///< of the tries that are over
    ByteCount m_readAgain;
};

} // namespace freshet::transport
