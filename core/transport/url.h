// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace freshet::transport {

struct Credentials
{
    std::string user;
    std::string password;
};

/// An absolute http(s) URL, taken apart once.
///
/// Blanks and bytes outside ASCII are percent-encoded as browsers do; what is encoded already stays
/// untouched. The fragment is dropped: it never goes to a server.
/// Source: RFC 3986, by libcurl's URL API.
class Url
{
public:
    /// Errors: UrlInvalid (never quotes a secret of `text`), Unsupported for another scheme.
    [[nodiscard]] static Result<Url> parse(std::string_view text);
    /// The target of a reference such as the value of Location (RFC 3986 §5).
    [[nodiscard]] Result<Url> resolve(std::string_view reference) const;

    /// Without user name, password and fragment.
    [[nodiscard]] const std::string &text() const { return m_text; }
    /// Scheme, host and port in canonical form: what secrets must not leave (RFC 6454 §4).
    [[nodiscard]] const std::string &origin() const { return m_origin; }
    [[nodiscard]] bool isHttps() const { return m_origin.starts_with("https:"); }
    /// The decoded path's last segment: `users.ndjson.gz`.
    [[nodiscard]] const std::string &fileName() const { return m_fileName; }
    [[nodiscard]] const std::optional<Credentials> &credentials() const { return m_credentials; }

private:
    Url() = default;

    std::string m_text;
    std::string m_origin;
    std::string m_fileName;
    std::optional<Credentials> m_credentials;
};

/// The path in a file: URL, percent-decoded. Errors: UrlInvalid (another host, malformed).
[[nodiscard]] Result<std::string> pathOfFileUrl(std::string_view text);

} // namespace freshet::transport
