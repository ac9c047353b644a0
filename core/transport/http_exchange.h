// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/body_reader.h"
#include "transport/chunked_reader.h"
#include "transport/curl_session.h"
#include "transport/response_head.h"
#include "transport/wire_observer.h"

#include <optional>
#include <string>

namespace freshet::transport {

/// One request and its answer.
///
/// The body of a 2xx answer goes to the sink; of another answer its start is kept for the error; of
/// a redirect it is dropped. Pieces from libcurl (16 KiB) are gathered while more of them are at
/// hand, and handed on at the latest when the connection has nothing more to read, so that nothing
/// waits in here.
class HttpExchange
{
public:
    struct Answer
    {
        MessageHead head;
        /// How the body ended; unset if the answer is a redirect.
        std::optional<TransportEnd> end;
    };

    /// All references have to outlive the exchange. `redirects`: those followed before. `observer`
    /// may be null.
    HttpExchange(CurlSession &session, const ByteRequest &request, const Hop &hop, int redirects,
                 ByteSink &sink, ProgressBoard &board, WireObserver *observer);

    /// Errors: everything but those of redirects. HttpStatus leaves the head in `refusal()`.
    [[nodiscard]] Result<Answer> perform(const CancelToken &cancel);
    [[nodiscard]] const std::optional<ResponseHead> &refusal() const { return m_refusal; }

private:
    using Clock = std::chrono::steady_clock;
    enum class Use { Deliver, Excerpt, Redirect };

    static std::size_t onHeader(char *data, std::size_t size, std::size_t count, void *self);
    static std::size_t onBody(char *data, std::size_t size, std::size_t count, void *self);

    Status takeHeaderLine(std::string_view line);
    Status headIsComplete();
    Status takeBody(std::string_view bytes);
    Status passGathered();
    Status passOn(std::string_view body);
    ResponseHead responseHead() const;

    Result<CURLcode> drive(const CancelToken &cancel);
    Status waitForMore();
    [[nodiscard]] Status checkDeadline() const;
    [[nodiscard]] std::optional<CURLcode> finishedWith() const;
    void noteTiming();
    Result<Answer> conclude(CURLcode code);
    Result<BodyEnd> bodyEnd() const;

    Error statusError();
    Error transferError(CURLcode code) const;
    [[nodiscard]] Error placed(Error error) const;

    CurlSession &m_session;
    const ByteRequest &m_request;
    const Hop &m_hop;
    int m_redirects;
    ByteSink &m_sink;
    ProgressBoard &m_board;
    WireObserver *m_observer;

    ResponseHeadParser m_parser;
    Use m_use = Use::Deliver;
    std::optional<ChunkedReader> m_chunks;
    std::optional<BodyReader> m_reader;
    std::string m_gathered;
    std::string m_excerpt;
    std::size_t m_ignored = 0;
    bool m_hadEnough = false; ///< we ended the transfer ourselves, all is well
    std::optional<Error> m_failure;
    std::optional<ResponseHead> m_refusal;
    std::chrono::microseconds m_hopStart;
    Clock::time_point m_lastActivity;
    std::optional<std::chrono::milliseconds> m_callTimeout;
    std::optional<Clock::time_point> m_deadline; ///< of a call
    curl_off_t m_uploaded = 0;
    bool m_isTimed = false;
    bool m_hasAnswer = false;
};

} // namespace freshet::transport
