// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/http_transport.h"

#include "transport/http_exchange.h"
#include "transport/pipe_signal_block.h"

#include <utility>

namespace freshet::transport {

Result<std::unique_ptr<Transport>> HttpTransport::create(ByteRequest request, Options options)
{
    auto url = Url::parse(request.url);
    if (!url)
        return fail(std::move(url).error());
    Hop first{*url, request.method, request.headers, std::exchange(request.body, {}),
              url->credentials()};
    return std::make_unique<HttpTransport>(std::move(request), std::move(first),
                                           std::move(options));
}

HttpTransport::HttpTransport(ByteRequest request, Hop first, Options options)
    : m_request(std::move(request)), m_first(std::move(first)), m_options(std::move(options))
{}

Result<TransportEnd> HttpTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    const PipeSignalBlock noPipeSignal;
    m_board.start();
    auto session = m_options.sessions ? m_options.sessions->take() : CurlSession::create();
    if (!session)
        return fail(std::move(session).error());
    auto end = runOn(**session, sink, cancel);
    if (m_options.sessions)
        m_options.sessions->giveBack(std::move(*session));
    return end;
}

Result<TransportEnd> HttpTransport::runOn(CurlSession &session, ByteSink &sink,
                                          const CancelToken &cancel)
{
    const auto registration = cancel.onCancel([&session] { session.wake(); });
    RedirectFollower redirects(m_first, m_request.limits);
    Hop hop = m_first;
    while (true) {
        HttpExchange exchange(session, m_request, hop, redirects.count(), sink, m_board,
                              m_options.observer);
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
