// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/ascii.h"
#include "transport/transport.h"

#include <algorithm>
#include <array>

namespace freshet::transport {

namespace {

/// Letters and digits in lower case: `X-Amz-Signature` and `xAmzSignature` are one name.
std::string compact(std::string_view name)
{
    std::string result;
    for (const char c : lowered(name)) {
        if (isDigit(c) || (c >= 'a' && c <= 'z'))
            result += c;
    }
    return result;
}

template <std::size_t N>
bool isAnyOf(std::string_view name, const std::array<std::string_view, N> &names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

template <std::size_t N>
bool endsWithAnyOf(std::string_view name, const std::array<std::string_view, N> &ends)
{
    return std::any_of(ends.begin(), ends.end(),
                       [name](std::string_view end) { return name.ends_with(end); });
}

constexpr auto kSecretEnds = std::to_array<std::string_view>(
    {"token",       "secret",     "password",     "passwd",    "passphrase",
     "signature",   "credential", "credentials",  "apikey",    "accesskey",
     "accesskeyid", "authkey",    "privatekey",   "sharedkey", "subscriptionkey",
     "licensekey",  "accountkey", "functionskey", "sessionid", "authorization"});

/// Positions in a result, which paging needs and nobody has to hide.
constexpr auto kPositionTokens = std::to_array<std::string_view>(
    {"pagetoken", "nexttoken", "skiptoken", "synctoken", "continuationtoken", "resumetoken",
     "startingtoken", "starttoken", "pagingtoken", "paginationtoken", "cursortoken", "scrolltoken",
     "deltatoken", "changetoken", "sincetoken"});

bool isSecretName(std::string_view compactName)
{
    return endsWithAnyOf(compactName, kSecretEnds) && !endsWithAnyOf(compactName, kPositionTokens);
}

bool isSecretParameter(std::string_view name)
{
    constexpr auto kExact = std::to_array<std::string_view>(
        {"key", "sig", "auth", "code", "pwd", "pass", "jwt", "appid", "hapikey", "sessid", "sid"});
    const std::string compactName = compact(name);
    return isAnyOf(compactName, kExact) || isSecretName(compactName);
}

/// `name=value` pairs with the values of secret names masked; everything else byte for byte.
std::string withoutSecretParameters(std::string_view query)
{
    std::string result;
    while (true) {
        const std::size_t end = std::min(query.find_first_of("&;"), query.size());
        const std::string_view pair = query.substr(0, end);
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && equals + 1 < pair.size() &&
            isSecretParameter(pair.substr(0, equals)))
            result.append(pair.substr(0, equals + 1)).append(kMaskedSecret);
        else
            result.append(pair);
        if (end == query.size())
            return result;
        result += query[end];
        query.remove_prefix(end + 1);
    }
}

} // namespace

std::string withoutSecrets(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos)
        return std::string(url); // a path
    std::string result(url.substr(0, scheme + 3));
    url.remove_prefix(scheme + 3);

    const std::size_t authorityEnd = std::min(url.find_first_of("/?#"), url.size());
    const std::string_view authority = url.substr(0, authorityEnd);
    result += authority.substr(authority.find_last_of('@') + 1);
    url.remove_prefix(authorityEnd);

    const std::size_t pathEnd = std::min(url.find_first_of("?#"), url.size());
    result += url.substr(0, pathEnd);
    url.remove_prefix(pathEnd);
    // The query, then the fragment, which some sign-in flows put a token into.
    while (!url.empty()) {
        result += url.front();
        url.remove_prefix(1);
        const std::size_t end = std::min(url.find('#'), url.size());
        result += withoutSecretParameters(url.substr(0, end));
        url.remove_prefix(end);
    }
    return result;
}

bool isSecretHeader(std::string_view name)
{
    constexpr auto kExact = std::to_array<std::string_view>(
        {"auth", "xauth", "xauthuser", "xauthemail", "key", "xkey", "jwt", "bearer", "cookie",
         "cookie2", "setcookie", "xapi", "apptoken", "xsession", "ddapplicationkey",
         "xauthenticateduser", "xamzsecuritytoken"});
    const std::string compactName = compact(name);
    return isAnyOf(compactName, kExact) || isSecretName(compactName) ||
           compactName.ends_with("applicationkey") || compactName.ends_with("cookie");
}

} // namespace freshet::transport
