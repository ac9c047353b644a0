// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/response_head.h"
#include "transport/url.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace freshet::transport {

/// One request on the way to the answer: what is sent where.
struct Hop
{
    Url url;
    std::string method;
    std::vector<Header> headers;
    std::string body;
    std::optional<Credentials> credentials;
    /// The credentials sign the request by Signature Version 4 for this scope, as libcurl writes
    /// it: `aws:amz:eu-west-1:s3`. Empty: they are sent as they are.
    std::string awsScope;
};

/// Whether `status` sends the client elsewhere by Location (RFC 9110 §15.4).
[[nodiscard]] bool isRedirect(int status);

/// Follows redirects as libcurl and Qt Network do not: nothing secret ever leaves the origin the
/// request was made for. Once an answer leads to another origin (scheme, host and port: http to
/// https is another one too) user name, password and all secret headers (isSecretHeader) are gone
/// for good, also if a later hop leads back.
///
/// 301 and 302 turn POST into GET, 303 everything but HEAD; 307 and 308 repeat the request.
/// Source: RFC 9110 §15.4. Errors: ProtocolViolation (no Location), UrlInvalid, Unsupported,
/// TooManyRedirects (limit or loop).
class RedirectFollower
{
public:
    RedirectFollower(const Hop &first, const Limits &limits);

    [[nodiscard]] Result<Hop> next(const Hop &hop, const MessageHead &answer);
    [[nodiscard]] int count() const { return m_count; }

private:
    int m_limit;
    int m_count = 0;
    std::set<std::string> m_visited; ///< "METHOD URL"
};

} // namespace freshet::transport
