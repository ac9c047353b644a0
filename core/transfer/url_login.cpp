// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/url_login.h"

#include "base/base64.h"
#include "transfer/download_request.h"
#include "transport/ascii.h"
#include "transport/url.h"

#include <algorithm>
#include <array>

namespace freshet::transfer {

namespace {

constexpr std::string_view kAuthorization = "Authorization";
constexpr std::string_view kBasic = "Basic ";

bool isWeb(std::string_view place)
{
    constexpr auto kSchemes = std::to_array<std::string_view>({"http", "https", "ws", "wss"});
    const std::string scheme = transport::lowered(place.substr(0, place.find("://")));
    return std::ranges::find(kSchemes, scheme) != kSchemes.end();
}

/// A WebSocket's address is one of HTTP with another scheme.
std::string asHttp(const std::string &place)
{
    const bool isSocket = (place.front() | 0x20) == 'w';
    return isSocket ? "http" + place.substr(2) : place;
}

/// `place` without its user name and password, byte for byte as it was otherwise.
std::string withoutLogin(const std::string &place)
{
    const std::size_t begin = place.find("://") + 3;
    const std::size_t end = std::min(place.find_first_of("/?#", begin), place.size());
    const std::size_t at = std::string_view(place).substr(0, end).rfind('@');
    return at == std::string::npos || at < begin ? place
                                                 : place.substr(0, begin) + place.substr(at + 1);
}

/// The login in a web address.
std::optional<UrlLogin> loginIn(const std::string &place)
{
    const auto url = transport::Url::parse(asHttp(place));
    if (!url || !url->credentials())
        return std::nullopt;
    const auto &[user, password] = *url->credentials();
    return UrlLogin{
        url->origin(),
        {std::string(kAuthorization), std::string(kBasic) + toBase64(user + ':' + password)}};
}

/// Those that the request names on the web. A set's first file may stand in the URL as well.
std::vector<std::string *> webPlacesOf(DownloadRequest &request)
{
    std::vector<std::string *> places{&request.bytes.url};
    if (request.files) {
        for (FileSource &source : request.files->sources)
            places.push_back(&source.place);
    }
    std::erase_if(places, [](const std::string *place) { return !isWeb(*place); });
    return places;
}

} // namespace

bool UrlLogin::isFor(const std::string &place) const
{
    if (!isWeb(place))
        return false;
    const auto url = transport::Url::parse(asHttp(place));
    return url && url->origin() == origin;
}

std::optional<UrlLogin> takeUrlLogin(DownloadRequest &request)
{
    std::vector<std::string *> logged;
    std::optional<UrlLogin> login;
    std::string origin;
    for (std::string *place : webPlacesOf(request)) {
        const auto url = transport::Url::parse(asHttp(*place));
        if (url && origin.empty())
            origin = url->origin();
        if (!url || url->origin() != origin)
            continue;
        logged.push_back(place);
        const auto found = loginIn(*place);
        if (!found)
            continue;
        if (login && *login != *found)
            return std::nullopt;
        login = found;
    }
    if (login) {
        for (std::string *place : logged)
            *place = withoutLogin(*place);
    }
    return login;
}

namespace {

/// Of files at other places than the first. A second login at one of them stays in its address.
void takeOtherLogins(DownloadRequest &request)
{
    if (!request.files)
        return;
    std::string first;
    for (std::string *place : webPlacesOf(request)) {
        const auto url = transport::Url::parse(asHttp(*place));
        if (url && first.empty())
            first = url->origin();
        const auto login = loginIn(*place);
        if (!login || login->origin == first)
            continue;
        const auto known = std::ranges::find(request.logins, login->origin, &UrlLogin::origin);
        if (known == request.logins.end())
            request.logins.push_back(*login);
        else if (!known->isGiven())
            *known = *login;
        else if (*known != *login)
            continue;
        *place = withoutLogin(*place);
    }
}

} // namespace

void giveLogin(DownloadRequest &request, const UrlLogin &login)
{
    auto &headers = request.grpc ? request.grpc->metadata : request.bytes.headers;
    if (!findHeader(headers, login.header.name))
        headers.push_back(login.header);
}

void liftUrlLogin(DownloadRequest &request)
{
    if (const auto login = takeUrlLogin(request))
        giveLogin(request, *login);
    takeOtherLogins(request);
}

Result<UrlLogin> urlLoginFrom(std::string_view address)
{
    const std::string place(address);
    if (const auto login = isWeb(place) ? loginIn(place) : std::nullopt)
        return *login;
    return fail(ErrorCode::InvalidArgument, "a login is given as https://USER:PASSWORD@HOST");
}

UrlLogin forgottenLogin(std::string origin)
{
    return {.origin = std::move(origin), .header = {std::string(kAuthorization), {}}};
}

std::string authorizationFor(std::string_view typed)
{
    const std::size_t end = typed.find_first_of(" :");
    const bool isLogin = end != std::string_view::npos && typed[end] == ':';
    return isLogin ? std::string(kBasic) + toBase64(typed) : std::string(typed);
}

} // namespace freshet::transfer
