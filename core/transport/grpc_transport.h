// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/progress_board.h"
#include "transport/transport.h"

namespace freshet::transport {

/// gRPC over HTTP/2: `grpc://HOST[:PORT]/pkg.Service/Method`, and `grpcs://` with TLS.
///
/// Input: the request's body holds the messages to send, each in a gRPC-web frame; its header
/// fields are the metadata, `Grpc-Timeout` the deadline.
/// Output: the answer as a gRPC-web body, one frame for each message and a last one with the status
/// and the trailing metadata, so that one decoder serves both. A call that the server refuses is
/// therefore no error here; a connection that fails, is cut or falls silent is.
///
/// One message is read at a time: a sink that blocks stops the server. Messages come out of their
/// compression here. Limits: `Limits::rowBytes` a message, else RowTooLarge.
/// Source: grpc/grpc doc/PROTOCOL-HTTP2.md, by libgrpc++.
class GrpcTransport final : public Transport
{
public:
    /// Errors: UrlInvalid; Unsupported for a proxy; InvalidArgument for a body that is no frames.
    [[nodiscard]] static Result<std::unique_ptr<Transport>> create(ByteRequest request);

    GrpcTransport(ByteRequest request, std::string target, std::string method);
    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override { return m_board.snapshot(); }
    /// grpc-status and grpc-message.
    std::vector<Header> trailers() const override { return m_trailers; }

private:
    const ByteRequest m_request;
    const std::string m_target; ///< host and port
    const std::string m_method; ///< with a slash in front
    ProgressBoard m_board;
    std::vector<Header> m_trailers;
};

} // namespace freshet::transport
