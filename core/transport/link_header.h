// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

/// One link of a Link header field.
struct WebLink
{
    /// As sent between the angle brackets: perhaps relative, escapes untouched.
    std::string target;
    /// The words of the first `rel`, as sent; empty if there is none.
    std::vector<std::string> relations;
    /// All other parameters but those with a language (`title*`): names in lower case, quoted
    /// values without quotes and backslashes, a name without a value with an empty one.
    std::vector<Header> parameters;

    /// Whether `relation` is among the relations, in any case.
    [[nodiscard]] bool hasRelation(std::string_view relation) const;
};

/// The links of one field value. Reads on where the text breaks the rules: what is no link is
/// passed over, a quote left open ends with the text.
/// Source: RFC 8288 §3 and appendix B.2.
[[nodiscard]] std::vector<WebLink> parseLinks(std::string_view value);

/// The target of the first rel=next in the Link fields among `headers`, resolved against
/// `requestUrl`; nothing if there is none. A link about something else (`anchor`) does not count.
/// Escapes stay as they were sent: the server may compare them byte by byte.
/// Errors: UrlInvalid, Unsupported for a scheme other than http and https.
[[nodiscard]] Result<std::optional<std::string>> nextLink(const std::vector<Header> &headers,
                                                          std::string_view requestUrl);

} // namespace freshet::transport
