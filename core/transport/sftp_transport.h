// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/progress_board.h"
#include "transport/transport.h"

#include <memory>
#include <string>

namespace freshet::transport {

/// The bytes of a file on an SSH server: `sftp://user@host/path`, `~/` for the home folder.
///
/// Speaks to its caller as an HTTP server would: the head has a strong ETag made of size and time
/// of modification, and a Range with If-Range is answered by 206 if that is still the same, else by
/// the whole. The server's host key has to stand in the known_hosts file.
/// Errors: TlsFailed if the host key is another one or not known; HttpStatus 401 if the login was
/// refused, 403 and 404 for the file; those of connections.
/// Source: draft-ietf-secsh-filexfer-02, by libcurl and libssh2. Threads: as Transport.
class SftpTransport final : public Transport
{
public:
    /// Errors: UrlInvalid; InvalidArgument without a known_hosts file.
    [[nodiscard]] static Result<std::unique_ptr<Transport>> create(ByteRequest request);
    explicit SftpTransport(ByteRequest request);

    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override { return m_board.snapshot(); }
    std::optional<ResponseHead> refusal() const override { return m_refusal; }

private:
    ByteRequest m_request;
    ProgressBoard m_board;
    std::optional<ResponseHead> m_refusal;
};

} // namespace freshet::transport
