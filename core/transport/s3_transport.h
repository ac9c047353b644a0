// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/http_transport.h"

#include <memory>

namespace freshet::transport {

/// The bytes of an S3 object by HTTP, signed by Signature Version 4 if there is an access key.
///
/// Ranges, validators and retries are those of HTTP. The head's `finalUrl` is the s3:// address.
/// Errors: HttpStatus says what the server's error document says: a wrong signature, no such key, a
/// token that expired, another region.
/// Source: Amazon S3 API, "Error responses"; signing by libcurl. Threads: as Transport.
class S3Transport final : public Transport
{
public:
    /// Errors: UrlInvalid.
    [[nodiscard]] static Result<std::unique_ptr<Transport>> create(ByteRequest request);
    /// A request for `httpUrl`, an address of the service; `shownUrl` is what it is called.
    S3Transport(ByteRequest request, Url httpUrl, std::string shownUrl);

    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override { return m_http.progress(); }
    std::optional<ResponseHead> refusal() const override { return m_http.refusal(); }

private:
    static Hop hopFor(const ByteRequest &request, Url url);

    std::string m_shownUrl;
    bool m_isAnonymous;
    HttpTransport m_http;
};

/// What an error document of S3 says, in a sentence; empty if `text` is none.
[[nodiscard]] std::string s3ErrorText(std::string_view text, bool isAnonymous);

} // namespace freshet::transport
