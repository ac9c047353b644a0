// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "transport/transport.h"

#include <optional>
#include <string>
#include <string_view>

namespace freshet::transfer {

struct DownloadRequest;

/// User name and password that stood in a web address, as HTTP sends them.
struct UrlLogin
{
    std::string origin;       ///< the only place that they are for; see `transport::Url::origin`
    transport::Header header; ///< Authorization: Basic …

    [[nodiscard]] bool isFor(const std::string &place) const;
    /// Whether it is here; else it is only known that there was one.
    [[nodiscard]] bool isGiven() const { return !header.value.empty(); }

    bool operator==(const UrlLogin &other) const
    {
        return origin == other.origin && header.value == other.header.value;
    }
};

/// Take the login out of the addresses of `request` (http, https, ws and wss), of all its files at
/// the first one's origin, which are those that its secret header fields go to. Output: nothing if
/// there is none, or if those files have several. Source: RFC 3986 §3.2.1, RFC 7617.
[[nodiscard]] std::optional<UrlLogin> takeUrlLogin(DownloadRequest &request);

/// Put it among the request's header fields, unless somebody is named there already. There it is as
/// secret as any: never written down, hidden in windows, kept from other origins.
void giveLogin(DownloadRequest &request, const UrlLogin &login);
/// Both: from the addresses to the header fields. Those of files at other origins go to
/// `DownloadRequest::logins`, one an origin.
void liftUrlLogin(DownloadRequest &request);
/// The login in an address that is given for it alone: `https://user:password@host`.
/// Errors: InvalidArgument if it holds none.
[[nodiscard]] Result<UrlLogin> urlLoginFrom(std::string_view address);
/// Where there was one, with no more known of it.
[[nodiscard]] UrlLogin forgottenLogin(std::string origin);

/// The value of an Authorization field for what somebody typed for it: `user:password` as HTTP
/// sends it, anything else as it is (`Bearer …`).
[[nodiscard]] std::string authorizationFor(std::string_view typed);

} // namespace freshet::transfer
