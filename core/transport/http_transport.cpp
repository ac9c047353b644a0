// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/http_transport.h"

#include "transport/http_exchange.h"

#include <csignal>
#include <ctime>
#include <utility>

namespace freshet::transport {

namespace {

/// Keeps SIGPIPE from this thread: OpenSSL writes to sockets without MSG_NOSIGNAL, and libcurl's
/// own remedy changes the handler of the whole process.
class PipeSignalBlock
{
public:
    PipeSignalBlock()
    {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        sigset_t pending;
        m_wasPending = sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
        m_isBlocked = pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before) == 0;
    }
    ~PipeSignalBlock()
    {
        if (!m_isBlocked)
            return;
        const timespec now = {};
        if (!m_wasPending) // take away the one we may have caused
            (void)sigtimedwait(&m_pipe, nullptr, &now);
        (void)pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    PipeSignalBlock(const PipeSignalBlock &) = delete;
    PipeSignalBlock &operator=(const PipeSignalBlock &) = delete;

private:
    sigset_t m_pipe;
    sigset_t m_before;
    bool m_wasPending = false;
    bool m_isBlocked = false;
};

} // namespace

Result<std::unique_ptr<Transport>> HttpTransport::create(ByteRequest request)
{
    auto url = Url::parse(request.url);
    if (!url)
        return fail(std::move(url).error());
    Hop first{*url, request.method, request.headers, std::exchange(request.body, {}),
              url->credentials()};
    return std::make_unique<HttpTransport>(std::move(request), std::move(first));
}

HttpTransport::HttpTransport(ByteRequest request, Hop first)
    : m_request(std::move(request)), m_first(std::move(first))
{}

Result<TransportEnd> HttpTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    const PipeSignalBlock noPipeSignal;
    m_board.start();
    auto session = CurlSession::create();
    if (!session)
        return fail(std::move(session).error());
    const auto registration = cancel.onCancel([&session] { (*session)->wake(); });

    RedirectFollower redirects(m_first, m_request.limits);
    Hop hop = m_first;
    while (true) {
        HttpExchange exchange(**session, m_request, hop, redirects.count(), sink, m_board);
        auto answer = exchange.perform(cancel);
        if (!answer) {
            m_refusal = exchange.refusal();
            return fail(std::move(answer).error());
        }
        if (answer->end)
            return *answer->end;
        auto following = redirects.next(hop, answer->head);
        if (!following)
            return fail(std::move(following).error());
        hop = std::move(*following);
    }
}

} // namespace freshet::transport
