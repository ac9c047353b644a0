// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/progress_board.h"
#include "transport/transport.h"

#include <filesystem>

namespace freshet::transport {

/// Unpacks one member of a local ZIP archive as a stream, and what is compressed inside it.
///
/// The member's checksum is compared at its end. Errors: those of `ZipArchive` and of the content
/// codings; Cancelled.
class ZipTransport final : public Transport
{
public:
    /// `request.url`: a path or file:// URL of the archive, `request.member` the member.
    /// Errors: UrlInvalid.
    [[nodiscard]] static Result<std::unique_ptr<Transport>> create(ByteRequest request);

    ZipTransport(ByteRequest request, std::filesystem::path path);
    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override { return m_board.snapshot(); }

private:
    ByteRequest m_request;
    std::filesystem::path m_path;
    ProgressBoard m_board;
};

} // namespace freshet::transport
