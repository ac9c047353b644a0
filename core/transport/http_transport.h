// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/progress_board.h"
#include "transport/redirects.h"
#include "transport/session_pool.h"
#include "transport/transport.h"
#include "transport/wire_observer.h"

namespace freshet::transport {

/// HTTP/1.1 and HTTP/2 over libcurl; redirects, framing and content codings are our own.
///
/// Memory stays flat however slow the sink is: one piece is gathered here (256 KiB), one lies in
/// libcurl (512 KiB), and over HTTP/2 the peer may have one flow-control window under way.
class HttpTransport final : public Transport
{
public:
    struct Options
    {
        /// Connections to go on with and to leave behind; null: the transport makes its own.
        std::shared_ptr<SessionPool> sessions;
        /// Sees the body on the wire; has to outlive the transport.
        WireObserver *observer = nullptr;
    };

    /// Errors: UrlInvalid.
    [[nodiscard]] static Result<std::unique_ptr<Transport>> create(ByteRequest request,
                                                                   Options options);
    [[nodiscard]] static Result<std::unique_ptr<Transport>> create(ByteRequest request)
    {
        return create(std::move(request), Options());
    }

    HttpTransport(ByteRequest request, Hop first, Options options);
    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override { return m_board.snapshot(); }
    std::optional<ResponseHead> refusal() const override { return m_refusal; }

private:
    [[nodiscard]] Result<TransportEnd> runOn(CurlSession &session, ByteSink &sink,
                                             const CancelToken &cancel);

    ByteRequest m_request;
    Hop m_first;
    Options m_options;
    ProgressBoard m_board;
    std::optional<ResponseHead> m_refusal;
};

} // namespace freshet::transport
