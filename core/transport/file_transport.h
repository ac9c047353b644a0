// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/progress_board.h"
#include "transport/transport.h"

#include <string>

namespace freshet::transport {

/// Reads a file, a named pipe, or standard input ("-"); compressed files are decoded, found by
/// their first bytes (`.br` by its suffix).
///
/// Errors: FileNotFound, PermissionDenied, InvalidArgument (a folder or socket), IoError, those of
/// the content codings. Cancelling acts at once, also while a pipe has nothing to say.
class FileTransport final : public Transport
{
public:
    /// `request.url`: a path, "-" or a file:// URL. Errors: UrlInvalid.
    [[nodiscard]] static Result<std::unique_ptr<Transport>> create(ByteRequest request);

    FileTransport(ByteRequest request, std::string path);
    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override { return m_board.snapshot(); }

private:
    ByteRequest m_request;
    std::string m_path;
    ProgressBoard m_board;
};

} // namespace freshet::transport
